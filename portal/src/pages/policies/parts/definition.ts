/** Writing a definition: what may stand where, a first text, and where in it the server's complaint points. */
import type { PolicyObject } from '@api/policies';
import type { EditorProblem } from '@ui/Editor/useEditor';

const EFFECTS = ['audit', 'deny', 'modify', 'append', 'auditIfNotExists', 'deployIfNotExists', 'denyAction', 'manual', 'disabled'];
const OPERATORS = [
  'equals', 'notEquals', 'like', 'notLike', 'match', 'notMatch', 'matchInsensitively', 'notMatchInsensitively', 'contains', 'notContains',
  'in', 'notIn', 'containsKey', 'notContainsKey', 'exists', 'less', 'lessOrEquals', 'greater', 'greaterOrEquals',
];
const condition = { $ref: '#/definitions/condition' };

export const DEFINITION_SCHEMA = {
  type: 'object',
  required: ['policyRule'],
  properties: {
    displayName: { type: 'string', maxLength: 128, description: 'What people read in lists.' },
    description: { type: 'string', maxLength: 512, description: 'Why it matters.' },
    mode: { type: 'string', description: 'All: every resource. Indexed: those with tags and a place.', examples: ['All', 'Indexed', 'Microsoft.Kubernetes.Data'] },
    metadata: {
      type: 'object',
      properties: { category: { type: 'string' }, severity: { enum: ['High', 'Medium', 'Low'] }, remediation: { type: 'string', description: 'Steps, as Markdown.' }, version: { type: 'string' } },
    },
    parameters: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['type'],
        properties: { type: { enum: ['String', 'Array', 'Object', 'Boolean', 'Integer', 'Float', 'DateTime'] }, defaultValue: {}, allowedValues: { type: 'array' }, metadata: { type: 'object' } },
      },
    },
    policyRule: {
      type: 'object',
      required: ['if', 'then'],
      properties: {
        if: condition,
        then: {
          type: 'object',
          required: ['effect'],
          properties: { effect: { type: 'string', examples: [...EFFECTS, "[parameters('effect')]"] }, details: {} },
        },
      },
    },
  },
  definitions: {
    condition: {
      type: 'object',
      properties: {
        allOf: { type: 'array', items: condition },
        anyOf: { type: 'array', items: condition },
        not: condition,
        field: { type: 'string', description: 'name, type, location, tags[\'x\'], a path or an alias.' },
        value: {},
        count: { type: 'object', properties: { field: { type: 'string' }, value: {}, name: { type: 'string' }, where: condition } },
        ...Object.fromEntries(OPERATORS.map((one) => [one, {}])),
      },
    },
  },
};

const FIRST = {
  displayName: '',
  description: '',
  mode: 'All',
  metadata: { category: '', severity: 'Medium' },
  policyRule: { if: { allOf: [{ field: 'type', equals: 'Microsoft.HybridCompute/machines' }, { field: "tags['owner']", exists: false }] }, then: { effect: 'audit' } },
};
const WRITTEN = ['displayName', 'description', 'mode', 'metadata', 'parameters', 'policyRule'] as const;

/** What a person writes of a definition; what the server adds stays away. */
export function definitionText(one: PolicyObject | undefined): string {
  const properties: Record<string, unknown> = one?.properties ?? FIRST;
  return JSON.stringify(Object.fromEntries(WRITTEN.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]])), null, 2);
}

/** The definition that a text is; null while it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The server quotes what it minds, or names the key: the first of its words that stands in the text as a key or a value. */
export function problemIn(text: string, message: string): EditorProblem {
  const quoted = [...message.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
  const plain = message.replace(/'[^']*'/g, ' ').match(/[A-Za-z]{2,}/g) ?? [];
  const rule = Math.max(0, text.indexOf('"policyRule"'));
  const place = (word: string, from: number) => {
    const exact = text.indexOf(JSON.stringify(word), from);
    return exact >= 0 ? exact + 1 : quoted.includes(word) ? text.indexOf(word, from) : -1;
  };
  const words = [...quoted, ...plain.filter((word) => text.includes(`"${word}"`)).reverse()];
  const at = words.map((word) => place(word, rule)).find((each) => each >= 0) ?? words.map((word) => place(word, 0)).find((each) => each >= 0) ?? 0;
  const before = text.slice(0, at).split('\n');
  return { message, line: before.length, column: (before[before.length - 1]?.length ?? 0) + 1 };
}
