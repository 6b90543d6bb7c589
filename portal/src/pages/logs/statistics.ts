/** The two figures of `statistics` that the footer names, whatever else the server sends along. */
export interface ReadStatistics {
  readRows: number | null;
  readBytes: number | null;
}

function findNumber(value: unknown, names: readonly string[], depth = 0): number | null {
  if (typeof value !== 'object' || value === null || depth > 3) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (names.includes(key) && typeof inner === 'number') return inner;
    const found = findNumber(inner, names, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

export function readStatistics(statistics: unknown): ReadStatistics {
  return {
    readRows: findNumber(statistics, ['readRows', 'read_rows', 'rowsRead']),
    readBytes: findNumber(statistics, ['readBytes', 'read_bytes', 'bytesRead']),
  };
}
