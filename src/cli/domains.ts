// This file is `packetboat domains`: sending domains and single senders of organisations.
import { renderTable } from './table.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

interface Domain {
  readonly name: string;
  readonly state: string;
  readonly authenticated: boolean;
  readonly records: Record<string, unknown>[];
}

export const domainsCommand = apiCommand({
  name: 'domains',
  summary: 'Register sending domains and sender addresses of organisations.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--tenant ID] [--limit N]',
      about: 'List sending domains.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list }) =>
        list('/v1/domains', {
          columns: [
            { title: 'id', show: 'id' },
            { title: 'name', show: 'name' },
            { title: 'state', show: 'state' },
            { title: 'proven', show: (row) => (row['authenticated'] ? 'yes' : 'no') },
            { title: 'tenant', show: 'tenant_id' },
          ],
          nothing: 'No domain is registered. Add one with: packetboat domains add NAME --tenant ID',
        }),
    },
    add: {
      form: 'NAME --tenant ID [--authenticated]',
      about: 'Register a domain and show the DNS records that prove it.',
      words: 1,
      options: { authenticated: { type: 'boolean' } },
      run: async ({ api, positionals: [name], option, flag, print }) => {
        const body = { name, authenticated: flag('authenticated') || undefined };
        show(print, (await api.ask('POST', `/v1/tenants/${option('tenant')}/domains`, { body })) as Domain);
      },
    },
    show: {
      form: 'ID',
      about: 'Show a domain with its DNS records.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => show(print, (await api.ask('GET', `/v1/domains/${id}`)) as Domain),
    },
    prove: {
      form: 'ID',
      about: 'Say that receivers can prove mail of this domain.',
      words: 1,
      run: async ({ api, positionals: [id], print }) =>
        show(print, (await api.ask('PATCH', `/v1/domains/${id}`, { body: { authenticated: true, state: 'verified' } })) as Domain),
    },
    remove: {
      form: 'ID',
      about: 'Remove a domain; mail from it is refused from now on.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `/v1/domains/${id}`);
        print({ removed: id }, 'The domain is gone.');
      },
    },
    senders: {
      form: '--tenant ID',
      about: 'List sender addresses.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list, option }) =>
        list(`/v1/tenants/${option('tenant')}/senders`, {
          pathSaysWho: true,
          columns: [
            { title: 'id', show: 'id' },
            { title: 'address', show: 'address' },
            { title: 'verified', show: 'verified_at' },
          ],
          nothing: 'No sender address is registered.',
        }),
    },
    'add-sender': {
      form: 'ADDRESS --tenant ID',
      about: 'Register a single address that may stand in From.',
      words: 1,
      run: async ({ api, positionals: [address], option, print }) =>
        print(await api.ask('POST', `/v1/tenants/${option('tenant')}/senders`, { body: { address } })),
    },
    'remove-sender': {
      form: 'ID',
      about: 'Remove a sender address.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `/v1/senders/${id}`);
        print({ removed: id }, 'The sender is gone.');
      },
    },
  },
});

function show(print: VerbContext['print'], domain: Domain): void {
  const columns = [
    { title: 'type', show: 'type' },
    { title: 'host', show: 'host' },
  ];
  // The value is what has to be copied whole, so it stands on a line of its own.
  const records = domain.records.map((record) => `${renderTable([record], columns).split('\n')[1]}\n    ${record['value']}`);
  const head = `${domain.name}: ${domain.state}, ${domain.authenticated ? 'proven to receivers' : 'not proven to receivers'}`;
  print(domain, `${head}\n\n${records.join('\n')}`);
}
