import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const browserCrypto = fileURLToPath(new URL('src/crypto/node-crypto.ts', import.meta.url));

/** The server serves the output below /console; `npm run dev` asks a server on port 8080 for all that is not a file. */
export default defineConfig({
  base: '/console/',
  resolve: { alias: { 'node:crypto': browserCrypto } },
  build: {
    outDir: '../server/console',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      transform: { inject: { Buffer: ['buffer', 'Buffer'] } },
      // "use client" of the component library means nothing without a server that renders.
      onLog: (level, log, handle) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : handle(level, log)),
    },
  },
  server: {
    proxy: { '/admin': 'http://127.0.0.1:8080', '/opnc': 'http://127.0.0.1:8080', '/health': 'http://127.0.0.1:8080' },
  },
});
