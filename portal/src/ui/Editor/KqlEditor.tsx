import { useEffect, useRef, useState, type RefObject } from 'react';
import { Spinner, makeStyles } from '@fluentui/react-components';
import type * as Monaco from 'monaco-editor/esm/vs/editor/editor.api';
import type { Schema } from '@api/types';
import { useThemeName } from '@app/useTheme';
import { t } from '@i18n/t';
import { Failure } from '../Empty';
import type { ThemeName } from '../theme';
import { tokens } from '../theme';
import { loadKqlTools, type KqlTools } from './setup';

const useStyles = makeStyles({
  root: { position: 'relative', height: '100%', minHeight: 0 },
  host: { position: 'absolute', inset: 0 },
  wait: { position: 'absolute', inset: 0, backgroundColor: tokens.colorNeutralBackground1 },
});

export interface EditorHandle {
  /** What "Run" runs: the selection, else everything; `line` is where it begins. */
  runnable: () => { text: string; line: number };
  toCursor: () => { text: string; line: number };
  insert: (text: string) => void;
  reveal: (line: number, column: number) => void;
  focus: () => void;
}

export interface EditorProblem {
  message: string;
  line: number;
  column: number;
}

interface KqlEditorProps {
  value: string;
  onChange: (text: string) => void;
  onRun: () => void;
  onRunToCursor: () => void;
  schema: Schema | undefined;
  problem: EditorProblem | null;
  handle: RefObject<EditorHandle | null>;
}

const EDITOR_THEME: Record<ThemeName, string> = { light: 'kusto-light', dark: 'kusto-dark', contrast: 'hc-black' };

const OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = {
  language: 'kusto',
  minimap: { enabled: false },
  lineNumbersMinChars: 3,
  scrollBeyondLastLine: false,
  automaticLayout: true,
  fontSize: 13,
  lineHeight: 20,
  fontFamily: "'Cascadia Mono', Consolas, ui-monospace, 'DejaVu Sans Mono', monospace",
  padding: { top: 8, bottom: 8 },
  fixedOverflowWidgets: true,
  renderLineHighlight: 'none',
  occurrencesHighlight: 'off',
  wordWrap: 'on',
  tabSize: 4,
  'semanticHighlighting.enabled': true,
};

function makeHandle(editor: Monaco.editor.IStandaloneCodeEditor): EditorHandle {
  return {
    runnable: () => {
      const selection = editor.getSelection();
      const text = selection ? (editor.getModel()?.getValueInRange(selection) ?? '') : '';
      return text.trim() === '' ? { text: editor.getValue(), line: 1 } : { text, line: selection?.startLineNumber ?? 1 };
    },
    toCursor: () => {
      const position = editor.getPosition();
      const text = position
        ? editor.getModel()?.getValueInRange({ startLineNumber: 1, startColumn: 1, endLineNumber: position.lineNumber, endColumn: position.column })
        : undefined;
      return { text: text ?? editor.getValue(), line: 1 };
    },
    insert: (text) => {
      const selection = editor.getSelection();
      if (selection) editor.executeEdits('schema', [{ range: selection, text, forceMoveMarkers: true }]);
      editor.focus();
    },
    reveal: (line, column) => {
      editor.setPosition({ lineNumber: line, column });
      editor.revealLineInCenterIfOutsideViewport(line);
      editor.focus();
    },
    focus: () => editor.focus(),
  };
}

function useMarkers(tools: KqlTools | null, editor: Monaco.editor.IStandaloneCodeEditor | null, problem: EditorProblem | null): void {
  useEffect(() => {
    const model = editor?.getModel();
    if (!tools || !model) return;
    const { monaco } = tools;
    const word = problem ? model.getWordAtPosition({ lineNumber: problem.line, column: problem.column }) : null;
    const markers = problem
      ? [
          {
            severity: monaco.MarkerSeverity.Error,
            message: problem.message,
            startLineNumber: problem.line,
            startColumn: word?.startColumn ?? problem.column,
            endLineNumber: problem.line,
            endColumn: word?.endColumn ?? problem.column + 1,
          },
        ]
      : [];
    monaco.editor.setModelMarkers(model, 'vedette', markers);
  }, [tools, editor, problem]);
}

export default function KqlEditor(props: KqlEditorProps) {
  const styles = useStyles();
  const host = useRef<HTMLDivElement>(null);
  const [tools, setTools] = useState<KqlTools | null>(null);
  const [editor, setEditor] = useState<Monaco.editor.IStandaloneCodeEditor | null>(null);
  const [error, setError] = useState<unknown>(null);
  const theme = useThemeName();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    loadKqlTools().then(setTools, setError);
  }, []);
  useEffect(() => {
    if (!tools || !host.current) return;
    const { monaco } = tools;
    const made = monaco.editor.create(host.current, { ...OPTIONS, value: latest.current.value, ariaLabel: t('logs.editor') });
    made.onDidChangeModelContent(() => latest.current.onChange(made.getValue()));
    made.addAction({ id: 'run', label: t('logs.run'), keybindings: [monaco.KeyMod.Shift | monaco.KeyCode.Enter, monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter], run: () => latest.current.onRun() });
    made.addAction({ id: 'runToCursor', label: t('keys.runToCursor'), keybindings: [monaco.KeyMod.Alt | monaco.KeyCode.Enter], run: () => latest.current.onRunToCursor() });
    latest.current.handle.current = makeHandle(made);
    setEditor(made);
    return () => {
      made.getModel()?.dispose();
      made.dispose();
      setEditor(null);
    };
  }, [tools]);
  useEffect(() => tools?.monaco.editor.setTheme(EDITOR_THEME[theme]), [tools, theme]);
  useEffect(() => {
    if (editor && editor.getValue() !== props.value) editor.setValue(props.value);
  }, [editor, props.value]);
  useEffect(() => {
    if (tools && props.schema) void tools.setSchema(props.schema);
  }, [tools, props.schema]);
  useMarkers(tools, editor, props.problem);

  if (error) return <Failure title={t('logs.editorFailed')} error={error} />;
  return (
    <div className={styles.root}>
      <div ref={host} className={styles.host} data-ready={editor !== null} />
      {!editor && <Spinner className={styles.wait} size="small" label={t('waiting')} />}
    </div>
  );
}
