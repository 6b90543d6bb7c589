/** The first line of a CSV as column names: enough to choose the search key; the server reads the rest. */
export function headerOf(text: string): string[] {
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '"' && quoted && line[at + 1] === '"') {
      cell += char;
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell].map((one) => one.trim()).filter(Boolean);
}

/** Of a file's name, what may be an alias. */
export const aliasOf = (text: string): string => text.replace(/\.[a-z]+$/i, '').normalize('NFKD').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);

/** What a query writes to read the list. */
export const getWatchlist = (alias: string): string => `_GetWatchlist('${alias.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`;
