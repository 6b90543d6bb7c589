/** Times and figures as people read them. Everything takes its "now", so tests can set it. */
import { locale, t } from '@i18n/t';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "8 min", "3 h", "12 d": one unit, as lists show ages. */
export function age(iso: string | null | undefined, now = Date.now()): string {
  if (!iso) return '–';
  const passed = now - Date.parse(iso);
  if (Number.isNaN(passed)) return '–';
  if (passed < MINUTE) return t('time.now');
  if (passed < HOUR) return t('time.min', { n: Math.floor(passed / MINUTE) });
  if (passed < 2 * DAY) return t('time.h', { n: Math.floor(passed / HOUR) });
  return t('time.d', { n: Math.floor(passed / DAY) });
}

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale() === 'en' ? 'en-GB' : locale(), options);
    formats.set(key, made);
  }
  return made;
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** "08:41" today, "22 Nov 08:41" this year, "22 Nov 2023 08:41" beyond. */
export function when(iso: string | null | undefined, now = Date.now()): string {
  if (!iso) return '–';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '–';
  const clock = format('time', TIME).format(date);
  const today = new Date(now);
  if (sameDay(date, today)) return clock;
  const year = date.getFullYear() !== today.getFullYear();
  const day = format(year ? 'dayYear' : 'day', {
    day: 'numeric',
    month: 'short',
    ...(year ? { year: 'numeric' as const } : {}),
  }).format(date);
  return `${day} ${clock}`;
}

/** "08:41:07", for stories within one incident. */
export function clock(iso: string): string {
  return format('clock', { ...TIME, second: '2-digit' }).format(new Date(iso));
}

/** The exact time, for titles. */
export function exact(iso: string | null | undefined): string {
  if (!iso) return '';
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? String(iso) : `${date.toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** Exact up to 9,999, then "12.4 k". */
export function figure(n: number | null | undefined): string {
  if (n === null || n === undefined) return '–';
  if (Math.abs(n) <= 9_999) return n.toLocaleString('en-GB');
  if (Math.abs(n) < 1_000_000) return `${(n / 1000).toFixed(1)} k`;
  if (Math.abs(n) < 1_000_000_000) return `${(n / 1_000_000).toFixed(1)} M`;
  return `${(n / 1_000_000_000).toFixed(1)} G`;
}

export function grouped(n: number): string {
  return n.toLocaleString('en-GB');
}

/** A share between 0 and 1 as whole percent. */
export function percent(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}

export function milliseconds(n: number): string {
  return n < 1000 ? `${Math.round(n)} ms` : `${(n / 1000).toFixed(1)} s`;
}
