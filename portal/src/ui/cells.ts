/** KQL cells as text. The zone is the person's; the exact value stands in the tooltip. */
import type { Cell, Column, RowSet } from '@api/types';

const two = (n: number, width = 2) => String(n).padStart(width, '0');

function dateTime(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}

export function cellText(value: Cell | undefined, type: string): string {
  if (value === null || value === undefined) return '';
  if (type === 'datetime' && typeof value === 'string') return dateTime(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const NUMBERS = new Set(['int', 'long', 'real', 'decimal']);
export function isNumber(type: string): boolean {
  return NUMBERS.has(type);
}

export function isEmpty(value: Cell | undefined): boolean {
  return value === null || value === undefined || value === '' || value === '{}' || value === '[]';
}

/** Columns that hold anything, time first; empty ones only take place. */
export function filledColumns(set: RowSet): number[] {
  const filled = set.columns.map((_, index) => index).filter((index) => set.rows.some((row) => !isEmpty(row[index])));
  const time = filled.filter((index) => set.columns[index]?.name === 'TimeGenerated');
  return [...time, ...filled.filter((index) => !time.includes(index))];
}

/** A literal for `where Column == …`; null where equality makes no sense. */
export function kqlLiteral(value: Cell, type: string): string | null {
  if (value === null) return null;
  switch (type) {
    case 'string':
    case 'guid':
      return `"${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    case 'datetime':
      return `datetime(${String(value)})`;
    case 'timespan':
      return `time(${String(value)})`;
    case 'dynamic':
      return null;
    default:
      return String(value);
  }
}

/** "Keep only this" and "leave this out" as the line they add to the query. */
export function cellFilter(column: Column, value: Cell, keep: boolean): string {
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(column.name) ? column.name : `['${column.name.replaceAll("'", "\\'")}']`;
  if (value === null || value === '') return `| where ${keep ? 'isempty' : 'isnotempty'}(${name})`;
  const literal = kqlLiteral(value, column.type);
  if (literal !== null) return `| where ${name} ${keep ? '==' : '!='} ${literal}`;
  const text = `"${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `| where tostring(${name}) ${keep ? '==' : '!='} ${text}`;
}

function csvField(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** RFC 4180; text that a spreadsheet would run as a formula is quoted with an apostrophe. */
export function toCsv(set: RowSet): string {
  const lines = [set.columns.map((column) => csvField(column.name)).join(',')];
  for (const row of set.rows) {
    lines.push(row.map((value) => csvField(value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
