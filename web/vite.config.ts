// This file builds the console into web/dist and serves it with a mock of the HTTP API during development.
// Set PACKETBOAT_API=http://127.0.0.1:8480 to work against a running desk instead of the mock.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { mockApi } from './mock/plugin.ts';

const desk = process.env['PACKETBOAT_API'];

export default defineConfig({
  plugins: [react(), tailwindcss(), ...(desk === undefined ? [mockApi()] : [])],
  server: {
    host: '127.0.0.1',
    ...(desk === undefined ? {} : { proxy: { '/v1': desk } }),
  },
  build: {
    // Light-dark() and friends are written as they are; every browser of the last two years reads them.
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    manifest: true,
    // A font or picture inside the CSS would be fetched even where it is not used, and the policy forbids data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
