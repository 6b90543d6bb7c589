// SPDX-License-Identifier: Apache-2.0
// Writes .br and .gz beside every text file of the build; the server only picks one.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url).pathname;
const TEXT = /\.(js|css|svg|json|map|txt)$/;
const LEAST = 512;
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile() && TEXT.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

async function compress(file) {
  const bytes = await readFile(file);
  if (bytes.length < LEAST) return 0;
  const options = {
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  };
  const [br, gz] = await Promise.all([brotli(bytes, options), gzip(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
  return bytes.length - br.length;
}

let saved = 0;
for (const file of files) saved += await compress(file);
console.log(`compressed ${files.length} files, ${(saved / 1024).toFixed(0)} KB less`);
