// This file is `packetboat routing`: which accounts mail goes to, in which order.
import { renderTable } from './table.ts';
import { apiCommand } from './verbs.ts';

export const routingCommand = apiCommand({
  name: 'routing',
  summary: 'Show and set which accounts mail goes to.',
  preset: 'show',
  notes: 'The most specific rule counts: of an organisation and stream, of an organisation, of a stream, of the platform.',
  verbs: {
    show: {
      form: '',
      about: 'Show every rule.',
      words: 0,
      run: async ({ api, print }) => {
        const answer = (await api.ask('GET', '/v1/routing')) as { data: Record<string, unknown>[] };
        const columns = [
          { title: 'tenant', show: (row: Record<string, unknown>) => row['tenant_id'] ?? 'every' },
          { title: 'stream', show: (row: Record<string, unknown>) => row['stream'] ?? 'both' },
          { title: 'accounts', show: 'accounts' },
        ];
        print(answer, renderTable(answer.data, columns, 'No rule is set: mail goes to the accounts in the order in which they were made.'));
      },
    },
    set: {
      form: 'ACCOUNT … [--tenant ID] [--stream transactional|bulk]',
      about: 'Set the order; the preferred account comes first.',
      words: 'any',
      options: { stream: { type: 'string' } },
      run: async ({ api, positionals, option, print }) =>
        print(
          await api.ask('PUT', '/v1/routing', {
            body: { tenant_id: option('tenant'), stream: option('stream'), accounts: positionals },
          }),
        ),
    },
    clear: {
      form: '[--tenant ID] [--stream transactional|bulk]',
      about: 'Remove a rule, so that the next less specific one counts.',
      words: 0,
      options: { stream: { type: 'string' } },
      run: async ({ api, option, print }) => {
        await api.ask('DELETE', '/v1/routing', { query: { tenant_id: option('tenant'), stream: option('stream') } });
        print({ cleared: true }, 'The rule is gone.');
      },
    },
  },
});
