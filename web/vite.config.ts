// This file builds the console into web/dist and serves it with a mock of the HTTP API during development.
// Set PACKETBOAT_API=http://127.0.0.1:8480 to work against a running desk instead of the mock.
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { mockApi } from './mock/plugin.ts';

const desk = process.env['PACKETBOAT_API'];

/** Parts that every page needs. */
const EVERYWHERE =
  /\/src\/(?:router|screen|clock|format|session|paths|address|frame\/(?:shell|bridge|rail|rooms|room-crumb)|api\/(?:client|queries)|words\/(?:words|desk|frame)|desk\/(?:a|button|copy|empty|error-state|glyphs|linked|log-line|page|section|time|toast|busy))\.tsx?$/;

export default defineConfig({
  plugins: [react(), tailwindcss(), ...(desk === undefined ? [mockApi()] : [])],
  resolve: {
    // React has had this hook of its own since 18; the shim would be carried for nothing.
    alias: { 'use-sync-external-store/shim/with-selector': 'use-sync-external-store/with-selector' },
  },
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
    rolldownOptions: {
      output: {
        // What every page needs comes in one file: many small ones weigh more, each being compressed by itself.
        codeSplitting: {
          groups: [
            { name: 'desk', test: EVERYWHERE, priority: 2 },
            {
              name: 'engine',
              test: /node_modules\/(?:react|react-dom|scheduler|@tanstack\/(?:react-router|router-core|history|react-query|query-core|store|react-store))\//,
            },
          ],
        },
      },
    },
  },
});
