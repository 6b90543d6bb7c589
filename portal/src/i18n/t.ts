/** Messages: ICU text by key. English is in the first chunk, other languages come when chosen. */
import IntlMessageFormat from 'intl-messageformat';
import en from './en.json';

export type MessageKey = keyof typeof en;
export type Values = Record<string, string | number | boolean | Date | null | undefined>;
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

let language: Language = 'en';
let messages: Partial<Record<MessageKey, string>> = en;
let formats = new Map<MessageKey, IntlMessageFormat>();

export async function setLanguage(next: Language): Promise<void> {
  messages = next === 'de' ? (await import('./de.json')).default : en;
  language = next;
  formats = new Map();
  document.documentElement.lang = next;
}

export function locale(): string {
  return language;
}

/** The text of a key; a key missing in another language falls back to English. */
export function t(key: MessageKey, values?: Values): string {
  let format = formats.get(key);
  if (format === undefined) {
    format = new IntlMessageFormat(messages[key] ?? en[key], language, undefined, { ignoreTag: true });
    formats.set(key, format);
  }
  return String(format.format(values));
}
