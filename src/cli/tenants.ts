// This file is `packetboat tenants`: the organisations of the platform.
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

export const tenantsCommand = apiCommand({
  name: 'tenants',
  summary: 'List, make, pause and resume organisations.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--name PART] [--state active|suspended] [--limit N]',
      about: 'List organisations.',
      words: 0,
      options: { ...LIST_OPTIONS, name: { type: 'string' }, state: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/tenants', {
          query: { name: option('name'), state: option('state') },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'name', show: 'name' },
            { title: 'state', show: 'state' },
            { title: 'since', show: 'created_at' },
          ],
          nothing: 'There is no organisation yet. Make one with: packetboat tenants add NAME',
        }),
    },
    add: {
      form: 'NAME',
      about: 'Make an organisation.',
      words: 1,
      run: async ({ api, positionals: [name], print }) => print(await api.ask('POST', '/v1/tenants', { body: { name } })),
    },
    show: {
      form: 'NAME|ID',
      about: 'Show one.',
      named: 'tenant',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/tenants/${id}`)),
    },
    rename: {
      form: 'NAME|ID NAME',
      about: 'Give it another name.',
      named: 'tenant',
      words: 2,
      run: (context) => patch(context, { name: context.positionals[1] }),
    },
    contact: {
      form: 'NAME|ID ADDRESS|none [--language en|de]',
      about: 'Say where the desk writes to when something of it needs care, and in which language.',
      named: 'tenant',
      words: 2,
      options: { language: { type: 'string' } },
      run: (context) => {
        const [, address] = context.positionals;
        return patch(context, { contact_email: address === 'none' ? null : address, language: context.option('language') });
      },
    },
    uncertain: {
      form: 'NAME|ID resend|hold|preset',
      about:
        'Say what to do with a hand-over whose end nobody can tell: hand over once more, or hold it for a person; preset: as the platform does.',
      named: 'tenant',
      words: 2,
      run: (context) => {
        const [, policy] = context.positionals;
        return patch(context, { uncertain_policy: policy === 'preset' ? null : policy });
      },
    },
    digest: {
      form: 'NAME|ID [--on|--off]',
      about: 'Show whether its contact gets the weekly mail about DMARC reports, or switch it.',
      named: 'tenant',
      words: 1,
      options: { on: { type: 'boolean' }, off: { type: 'boolean' } },
      run: async ({ api, positionals: [id], flag, print }) => {
        const path = `/v1/tenants/${id}/report-digest`;
        const asked = flag('on') || flag('off') ? { body: { enabled: flag('on') } } : null;
        print(await (asked === null ? api.ask('GET', path) : api.ask('PUT', path, asked)));
      },
    },
    pause: {
      form: 'NAME|ID',
      about: 'Take nothing in from it until it is resumed.',
      named: 'tenant',
      words: 1,
      run: (context) => patch(context, { state: 'suspended' }),
    },
    resume: {
      form: 'NAME|ID',
      about: 'Let it send again.',
      named: 'tenant',
      words: 1,
      run: (context) => patch(context, { state: 'active' }),
    },
  },
});

async function patch({ api, positionals: [id], print }: VerbContext, body: object): Promise<void> {
  print(await api.ask('PATCH', `/v1/tenants/${id}`, { body }));
}
