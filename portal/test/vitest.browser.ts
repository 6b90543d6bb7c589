import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (folder: string) => fileURLToPath(new URL(`../src/${folder}`, import.meta.url));

/** Suites that drive a browser: one file at a time, on one Chromium each. */
export default defineConfig({
  resolve: { alias: { '@app': src('app'), '@api': src('api'), '@ui': src('ui'), '@i18n': src('i18n'), '@pages': src('pages') } },
  test: {
    include: ['test/{journeys,study,axe,shots,perf}/**/*.ts'],
    exclude: ['**/helpers.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    bail: 0,
  },
});
