// SPDX-License-Identifier: Apache-2.0
// Prints what each chunk costs over the wire and fails when the first view is over its limit.
import { readFile, readdir, stat } from 'node:fs/promises';

const ASSETS = new URL('../dist/assets/', import.meta.url).pathname;
const LIMIT_KB = 300;
const ALARM_KB = 240;
const PAGE_KB = 20;
const LAZY_KB = { 'kusto.worker': 1100, KqlEditor: 60, monaco: 760, Chart: 230 };

const html = await readFile(new URL('../dist/index.html', import.meta.url), 'utf8');
const names = (await readdir(ASSETS)).filter((name) => /\.(js|css)$/.test(name));
const size = async (name) => (await stat(ASSETS + name).catch(() => ({ size: 0 }))).size / 1024;

const rows = [];
for (const name of names) {
  rows.push({ name, raw: await size(name), gzip: await size(`${name}.gz`), brotli: await size(`${name}.br`) });
}
const source = new Map(await Promise.all(names.map(async (name) => [name, await readFile(ASSETS + name, 'utf8')])));

/** The chunks that come before the first page is shown: of index.html, the shell and Overview, and what they import. */
function firstView() {
  const seen = new Set();
  const open = [...html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((match) => match[1]);
  open.push(...names.filter((name) => /^(Shell|overview)-/.test(name)));
  while (open.length > 0) {
    const name = open.pop();
    if (seen.has(name) || !source.has(name)) continue;
    seen.add(name);
    const text = source.get(name);
    for (const match of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) open.push(match[1]);
  }
  return seen;
}

const first = firstView();

const failures = [];
const line = (name, row) =>
  `${name.padEnd(44)} ${row.raw.toFixed(1).padStart(9)} ${row.gzip.toFixed(1).padStart(9)} ${row.brotli.toFixed(1).padStart(9)}`;
console.log(`${'chunk, KB'.padEnd(44)} ${'raw'.padStart(9)} ${'gzip'.padStart(9)} ${'brotli'.padStart(9)}`);
const total = { raw: 0, gzip: 0, brotli: 0 };
for (const row of rows.sort((a, b) => b.brotli - a.brotli)) {
  const early = first.has(row.name);
  if (early) for (const key of Object.keys(total)) total[key] += row[key] || row.raw;
  if (early || row.brotli >= 2) console.log(line(`${early ? '* ' : '  '}${row.name}`, row));
  const limit = Object.entries(LAZY_KB).find(([start]) => row.name.startsWith(start))?.[1];
  if (limit !== undefined && row.brotli > limit) failures.push(`${row.name} has ${row.brotli.toFixed(0)} KB, its limit is ${limit}`);
  if (/^(index|overview|incidents|incident|logs|signin|alerts|graph|hunting|watchlists|watchlist|rules)-/.test(row.name) && !early && row.brotli > PAGE_KB) {
    failures.push(`page ${row.name} has ${row.brotli.toFixed(0)} KB, the limit of a page is ${PAGE_KB}`);
  }
}
console.log(line('first view, whole (*)', total));
if (total.brotli > LIMIT_KB) failures.push(`the first view has ${total.brotli.toFixed(0)} KB, its limit is ${LIMIT_KB}`);
else if (total.brotli > ALARM_KB) console.log(`alarm: the first view is over ${ALARM_KB} KB`);
for (const failure of failures) console.error(`over: ${failure}`);
process.exit(failures.length > 0 ? 1 : 0);
