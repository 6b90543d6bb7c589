import { useEffect, useRef, type RefObject } from 'react';
import type * as Monaco from 'monaco-editor/esm/vs/editor/editor.api';
import type { Schema } from '@api/types';
import { t } from '@i18n/t';
import type { ThemeName } from '../theme';
import { EditorFrame } from './EditorFrame';
import { loadKqlTools } from './setup';
import { useEditor, type EditorProblem } from './useEditor';

export interface EditorHandle {
  /** What "Run" runs: the selection, else everything; `line` is where it begins. */
  runnable: () => { text: string; line: number };
  toCursor: () => { text: string; line: number };
  insert: (text: string) => void;
  reveal: (line: number, column: number) => void;
  focus: () => void;
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

const OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = { language: 'kusto', tabSize: 4, 'semanticHighlighting.enabled': true };

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

export default function KqlEditor(props: KqlEditorProps) {
  const { host, tools, ready, error } = useEditor(loadKqlTools, {
    ...props,
    options: { ...OPTIONS, ariaLabel: t('logs.editor') },
    themes: EDITOR_THEME,
    onMade: (made, { KeyMod, KeyCode }) => {
      // What runs is asked when it runs: the handlers of now are old by then.
      made.addAction({ id: 'run', label: t('logs.run'), keybindings: [KeyMod.Shift | KeyCode.Enter, KeyMod.CtrlCmd | KeyCode.Enter], run: () => latest.current.onRun() });
      made.addAction({ id: 'runToCursor', label: t('keys.runToCursor'), keybindings: [KeyMod.Alt | KeyCode.Enter], run: () => latest.current.onRunToCursor() });
      props.handle.current = makeHandle(made);
    },
  });
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (tools && props.schema) void tools.setSchema(props.schema);
  }, [tools, props.schema]);
  return <EditorFrame host={host} ready={ready} error={error} />;
}
