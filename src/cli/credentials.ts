// This file is `packetboat credentials`: API keys, SMTP log-ins and trusted networks.
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

export const credentialsCommand = apiCommand({
  name: 'credentials',
  summary: 'Make, rotate, pause and revoke API keys, SMTP log-ins and networks.',
  preset: 'list',
  notes: 'A secret is shown once, in the answer that makes it.',
  verbs: {
    list: {
      form: '[--kind api_key|smtp|network] [--state active|suspended|revoked] [--limit N]',
      about: 'List credentials.',
      words: 0,
      options: { ...LIST_OPTIONS, kind: { type: 'string' }, state: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/credentials', {
          query: { kind: option('kind'), state: option('state') },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'kind', show: 'kind' },
            { title: 'name', show: 'name' },
            { title: 'handle', show: (row) => row['handle'] ?? row['networks'] },
            { title: 'state', show: 'state' },
            { title: 'stream', show: 'default_stream' },
            { title: 'last used', show: 'last_used_at' },
            { title: 'tenant', show: 'tenant_id' },
          ],
          nothing: 'There is none. Make one with: packetboat credentials add --tenant NAME --kind api_key',
        }),
    },
    add: {
      form: '--tenant NAME|ID --kind api_key|smtp|network [--name NAME] [--scope SCOPE …] [--cidr RANGE …] [--stream STREAM] [--rate PER_MINUTE]',
      about: 'Make a credential for an organisation.',
      words: 0,
      options: {
        kind: { type: 'string' },
        name: { type: 'string' },
        scope: { type: 'string', multiple: true },
        cidr: { type: 'string', multiple: true },
        stream: { type: 'string' },
        rate: { type: 'string' },
      },
      run: add,
    },
    operator: {
      form: '[--name NAME] [--read-only]',
      about: 'Make an API key of the platform.',
      words: 0,
      options: { name: { type: 'string' }, 'read-only': { type: 'boolean' } },
      run: async ({ api, option, flag, print }) =>
        print(
          await api.ask('POST', '/v1/credentials', {
            body: { name: option('name'), scopes: [flag('read-only') ? 'operator:read' : 'operator'] },
          }),
        ),
    },
    rotate: {
      form: 'ID [--grace SECONDS]',
      about: 'Give it a new secret; the old one works on for the grace.',
      words: 1,
      options: { grace: { type: 'string' } },
      run: async ({ api, positionals: [id], option, print }) =>
        print(await api.ask('POST', `/v1/credentials/${id}/rotate`, { body: { grace_seconds: Number(option('grace') ?? 0) } })),
    },
    pause: { form: 'ID', about: 'Refuse it until it is resumed.', words: 1, run: (context) => patch(context, { state: 'suspended' }) },
    resume: { form: 'ID', about: 'Accept it again.', words: 1, run: (context) => patch(context, { state: 'active' }) },
    revoke: {
      form: 'ID [--dry-run]',
      about: 'Refuse it for good. With --dry-run it is only shown.',
      words: 1,
      options: { 'dry-run': { type: 'boolean' } },
      run: async ({ api, positionals: [id], flag, print }) => {
        const credential = await api.ask('GET', `/v1/credentials/${id}`);
        if (!flag('dry-run')) await api.ask('DELETE', `/v1/credentials/${id}`);
        print(credential);
      },
    },
  },
});

async function add({ api, tenant, option, options, print }: VerbContext): Promise<void> {
  const [scopes, cidr, rate] = [options('scope'), options('cidr'), option('rate')];
  const body = {
    kind: option('kind') ?? 'api_key',
    name: option('name'),
    scopes: scopes.length > 0 ? scopes : undefined,
    cidr: cidr.length > 0 ? cidr : undefined,
    default_stream: option('stream'),
    rate_per_minute: rate === undefined ? undefined : Number(rate),
  };
  print(await api.ask('POST', `/v1/tenants/${tenant()}/credentials`, { body }));
}

async function patch({ api, positionals: [id], print }: VerbContext, body: object): Promise<void> {
  print(await api.ask('PATCH', `/v1/credentials/${id}`, { body }));
}
