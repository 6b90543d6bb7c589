/**
 * Monaco, set up once, with the language service that an editor asks for: KQL or JSON. Monaco makes its own style elements, so the page's
 * nonce is put on each of them before the first is made; its workers are files of our own origin.
 */
import type * as Monaco from 'monaco-editor/esm/vs/editor/editor.api';
import type { EngineSchema } from '@kusto/monaco-kusto';
import type { Schema } from '@api/types';

const NONCE = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';

function nonceForStyles(): void {
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name.toLowerCase() === 'style') element.setAttribute('nonce', NONCE);
    return element;
  }) as typeof document.createElement;
}

const WORKERS: Record<string, () => Promise<{ default: new () => Worker }>> = {
  kusto: () => import('@kusto/monaco-kusto/release/esm/kusto.worker?worker'),
  json: () => import('monaco-editor/esm/vs/language/json/json.worker?worker'),
};

async function worker(label: string): Promise<Worker> {
  const made = await (WORKERS[label] ?? (() => import('monaco-editor/esm/vs/editor/editor.worker?worker')))();
  return new made.default();
}

let editor: Promise<typeof Monaco> | null = null;

function loadEditor(): Promise<typeof Monaco> {
  editor ??= (() => {
    nonceForStyles();
    self.MonacoEnvironment = { getWorker: (_, label) => worker(label) };
    return import('./monaco');
  })();
  return editor;
}

export interface KqlTools {
  monaco: typeof Monaco;
  setSchema: (schema: Schema) => Promise<void>;
}

/** Wrong column types would mark good code red, so only the types the language knows are passed on. */
export function engineSchema(schema: Schema): EngineSchema {
  const database = {
    name: 'main',
    majorVersion: 1,
    minorVersion: 0,
    entityGroups: [],
    functions: [],
    tables: schema.tables.map((table) => ({
      name: table.name,
      docstring: table.description,
      columns: table.columns.map((column) => ({ name: column.name, type: column.type, docstring: column.description })),
    })),
  };
  return {
    clusterType: 'Engine',
    cluster: { connectionString: 'https://vedette.local', databases: [database] },
    database,
  };
}

async function loadKql(): Promise<KqlTools> {
  const monaco = await loadEditor();
  const kusto = await import('@kusto/monaco-kusto');
  kusto.kustoDefaults.setLanguageSettings({
    ...kusto.kustoDefaults.languageSettings,
    includeControlCommands: false,
    newlineAfterPipe: true,
  });
  return {
    monaco,
    setSchema: async (schema) => {
      const accessor = await kusto.getKustoWorker();
      const service = await accessor(monaco.Uri.parse('inmemory://schema'));
      await service.setSchema(engineSchema(schema));
    },
  };
}

export interface JsonTools {
  monaco: typeof Monaco;
  setSchema: (schema: object) => void;
}

async function loadJson(): Promise<JsonTools> {
  const monaco = await loadEditor();
  await import('monaco-editor/esm/vs/language/json/monaco.contribution');
  return {
    monaco,
    setSchema: (schema) => monaco.languages.json.jsonDefaults.setDiagnosticsOptions({ validate: true, enableSchemaRequest: false, schemas: [{ uri: 'vedette://schema', fileMatch: ['*'], schema }] }),
  };
}

let kql: Promise<KqlTools> | null = null;
let json: Promise<JsonTools> | null = null;

export const loadKqlTools = (): Promise<KqlTools> => (kql ??= loadKql());
export const loadJsonTools = (): Promise<JsonTools> => (json ??= loadJson());
