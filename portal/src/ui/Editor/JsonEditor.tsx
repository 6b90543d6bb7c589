import { useEffect } from 'react';
import type * as Monaco from 'monaco-editor/esm/vs/editor/editor.api';
import type { ThemeName } from '../theme';
import { EditorFrame } from './EditorFrame';
import { loadJsonTools } from './setup';
import { useEditor, type EditorProblem } from './useEditor';

const THEMES: Record<ThemeName, string> = { light: 'vs', dark: 'vs-dark', contrast: 'hc-black' };
const OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = { language: 'json', tabSize: 2, formatOnPaste: true, stickyScroll: { enabled: false } };

interface JsonEditorProps {
  value: string;
  label: string;
  /** A JSON schema: what may stand where is completed and checked while one types. */
  schema: object;
  problem: EditorProblem | null;
  onChange: (text: string) => void;
}

export default function JsonEditor(props: JsonEditorProps) {
  const { host, tools, ready, error } = useEditor(loadJsonTools, { ...props, options: { ...OPTIONS, ariaLabel: props.label }, themes: THEMES });
  useEffect(() => tools?.setSchema(props.schema), [tools, props.schema]);
  return <EditorFrame host={host} ready={ready} error={error} />;
}
