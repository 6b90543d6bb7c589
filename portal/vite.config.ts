import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const src = (folder: string) => fileURLToPath(new URL(`./src/${folder}`, import.meta.url));

/** Which first-view chunk a package belongs to; everything else follows its route. */
function firstViewChunk(id: string): string | undefined {
  if (!id.includes('/node_modules/')) return undefined;
  if (/\/node_modules\/(react|react-dom|scheduler)\//.test(id)) return 'react';
  if (/\/node_modules\/@tanstack\//.test(id)) return 'tanstack';
  return undefined;
}

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      '@app': src('app'),
      '@api': src('api'),
      '@ui': src('ui'),
      '@i18n': src('i18n'),
      '@pages': src('pages'),
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 20_000,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rollupOptions: { output: { manualChunks: firstViewChunk } },
  },
  server: {
    proxy: Object.fromEntries(
      ['/signin', '/signout', '/subscriptions', '/tenants', '/v1', '/health'].map((path) => [
        path,
        {
          target: process.env['VEDETTE_URL'] ?? 'https://localhost:8443',
          secure: false,
          // The page to sign in on has the address that one signs in at.
          bypass: ({ method, headers }: { method?: string; headers: { accept?: string } }) =>
            method === 'GET' && headers.accept?.includes('text/html') ? '/index.html' : undefined,
        },
      ]),
    ),
  },
  test: { include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'], environment: 'node' },
});
