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
      form: 'ID',
      about: 'Show one.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/tenants/${id}`)),
    },
    rename: {
      form: 'ID NAME',
      about: 'Give it another name.',
      words: 2,
      run: (context) => patch(context, { name: context.positionals[1] }),
    },
    contact: {
      form: 'ID ADDRESS|none [--language en|de]',
      about: 'Say where the desk writes to when something of it needs care, and in which language.',
      words: 2,
      options: { language: { type: 'string' } },
      run: (context) => {
        const [, address] = context.positionals;
        return patch(context, { contact_email: address === 'none' ? null : address, language: context.option('language') });
      },
    },
    pause: {
      form: 'ID',
      about: 'Take nothing in from it until it is resumed.',
      words: 1,
      run: (context) => patch(context, { state: 'suspended' }),
    },
    resume: { form: 'ID', about: 'Let it send again.', words: 1, run: (context) => patch(context, { state: 'active' }) },
  },
});

async function patch({ api, positionals: [id], print }: VerbContext, body: object): Promise<void> {
  print(await api.ask('PATCH', `/v1/tenants/${id}`, { body }));
}
