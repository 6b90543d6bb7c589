/** The editor with its features and without its languages; KQL brings its own. */
import 'monaco-editor/esm/vs/editor/edcore.main.js';
export * from 'monaco-editor/esm/vs/editor/editor.api';
