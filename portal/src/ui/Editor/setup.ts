/**
 * Monaco with the KQL language service, set up once. Monaco makes its own style elements, so the page's
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

async function worker(label: string): Promise<Worker> {
  const made =
    label === 'kusto'
      ? await import('@kusto/monaco-kusto/release/esm/kusto.worker?worker')
      : await import('monaco-editor/esm/vs/editor/editor.worker?worker');
  return new made.default();
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

let tools: Promise<KqlTools> | null = null;

async function load(): Promise<KqlTools> {
  nonceForStyles();
  self.MonacoEnvironment = { getWorker: (_, label) => worker(label) };
  const monaco = await import('./monaco');
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

export function loadKqlTools(): Promise<KqlTools> {
  tools ??= load();
  return tools;
}
