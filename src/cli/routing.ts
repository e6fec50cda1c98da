// This file is `packetboat routing`: which accounts mail goes to, in which order.
import type { Api } from './client.ts';
import { type Row, renderTable } from './table.ts';
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
        const names = await namesOf(api, answer.data);
        const columns = [
          { title: 'tenant', show: (row: Row) => (row['tenant_id'] === null ? 'every' : names.get(String(row['tenant_id']))) },
          { title: 'stream', show: (row: Row) => row['stream'] ?? 'both' },
          { title: 'accounts', show: (row: Row) => accountsOf(row).map((id, index) => `${index + 1}. ${names.get(id) ?? id}`) },
        ];
        print(answer, renderTable(answer.data, columns, 'No rule is set: mail goes to the accounts in the order in which they were made.'));
      },
    },
    set: {
      form: 'ACCOUNT … [--tenant NAME|ID] [--stream transactional|bulk]',
      about: 'Set the order; the preferred account comes first.',
      named: 'accounts',
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
      form: '[--tenant NAME|ID] [--stream transactional|bulk]',
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

/** Names of the accounts and organisations that the rules speak of. */
async function namesOf(api: Api, rules: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  if (rules.length === 0) return new Map();
  // Lists and objects of the API have this form.
  const accounts = (await api.ask('GET', '/v1/provider-accounts', { query: { limit: '200' } })) as { data: Named[] };
  const ids = new Set(rules.map((rule) => rule['tenant_id']).filter((id) => typeof id === 'string'));
  const tenants = await Promise.all([...ids].map(async (id) => (await api.ask('GET', `/v1/tenants/${id}`)) as Named));
  return new Map([...accounts.data, ...tenants].map(({ id, name }) => [id, name]));
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function accountsOf(rule: Row): readonly string[] {
  return Array.isArray(rule['accounts']) ? rule['accounts'].map(String) : [];
}
