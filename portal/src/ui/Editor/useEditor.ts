/** What every editor of ours does: made in its box, its text held to the value, its theme, the one problem that the server named. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import type * as Monaco from 'monaco-editor/esm/vs/editor/editor.api';
import { useThemeName } from '@app/useTheme';
import type { ThemeName } from '../theme';

export interface EditorProblem {
  message: string;
  line: number;
  column: number;
}

type Made = Monaco.editor.IStandaloneCodeEditor;

const OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = {
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
};

interface EditorSetup {
  value: string;
  onChange: (text: string) => void;
  problem: EditorProblem | null;
  options: Monaco.editor.IStandaloneEditorConstructionOptions;
  themes: Record<ThemeName, string>;
  /** Once it is there: commands and the like. */
  onMade?: (editor: Made, monaco: typeof Monaco) => void;
}

export interface EditorBox<T> {
  host: RefObject<HTMLDivElement | null>;
  tools: T | null;
  ready: boolean;
  error: unknown;
}

function useMarkers(monaco: typeof Monaco | undefined, editor: Made | null, problem: EditorProblem | null): void {
  useEffect(() => {
    const model = editor?.getModel();
    if (!monaco || !model) return;
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
  }, [monaco, editor, problem]);
}

export function useEditor<T extends { monaco: typeof Monaco }>(load: () => Promise<T>, setup: EditorSetup): EditorBox<T> {
  const host = useRef<HTMLDivElement>(null);
  const [tools, setTools] = useState<T | null>(null);
  const [editor, setEditor] = useState<Made | null>(null);
  const [error, setError] = useState<unknown>(null);
  const theme = useThemeName();
  const latest = useRef(setup);
  latest.current = setup;

  useEffect(() => {
    load().then(setTools, setError);
  }, [load]);
  useEffect(() => {
    if (!tools || !host.current) return;
    const { monaco } = tools;
    const made = monaco.editor.create(host.current, { ...OPTIONS, ...latest.current.options, value: latest.current.value });
    made.onDidChangeModelContent(() => latest.current.onChange(made.getValue()));
    latest.current.onMade?.(made, monaco);
    setEditor(made);
    return () => {
      made.getModel()?.dispose();
      made.dispose();
      setEditor(null);
    };
  }, [tools]);
  useEffect(() => tools?.monaco.editor.setTheme(latest.current.themes[theme]), [tools, theme]);
  useEffect(() => {
    if (editor && editor.getValue() !== setup.value) editor.setValue(setup.value);
  }, [editor, setup.value]);
  useMarkers(tools?.monaco, editor, setup.problem);
  return { host, tools, ready: editor !== null, error };
}
