// This file puts the mock API behind Vite's development server.
import type { Plugin } from 'vite';
import { mockHandler } from './server.ts';

export function mockApi(): Plugin {
  return {
    name: 'packetboat-mock-api',
    apply: 'serve',
    configureServer(server) {
      const handle = mockHandler();
      server.middlewares.use((request, response, next) => {
        handle(request, response)
          .then((done) => (done ? undefined : next()))
          .catch(next);
      });
    },
  };
}
