// This file is `packetboat webhooks`: where organisations want their events sent.
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

const PATH = '/v1/webhook-endpoints';

export const webhooksCommand = apiCommand({
  name: 'webhooks',
  summary: 'Register webhook endpoints, test them, replay what failed.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--tenant NAME|ID] [--limit N]',
      about: 'List endpoints.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list }) =>
        list(PATH, {
          columns: [
            { title: 'id', show: 'id' },
            { title: 'url', show: 'url' },
            { title: 'state', show: 'state' },
            { title: 'types', show: 'types' },
            { title: 'tried again', show: 'failing_deliveries', right: true },
            { title: 'failed', show: 'dead_deliveries', right: true },
          ],
          nothing: 'No endpoint is registered.',
        }),
    },
    add: {
      form: 'URL [--tenant NAME|ID] [--type TYPE …]',
      about: 'Register an endpoint; its secret is shown once.',
      words: 1,
      options: { type: { type: 'string', multiple: true } },
      run: async ({ api, positionals: [url], option, options, print }) =>
        print(await api.ask('POST', PATH, { body: { tenant_id: option('tenant'), url, types: options('type') } })),
    },
    change: {
      form: 'ID [--to-url URL] [--type TYPE … | --all-types]',
      about: 'Give it another address, or other events.',
      words: 1,
      options: { 'to-url': { type: 'string' }, type: { type: 'string', multiple: true }, 'all-types': { type: 'boolean' } },
      run: (context) => {
        const types = context.options('type');
        return patch(context, {
          url: context.option('to-url'),
          types: context.flag('all-types') ? [] : types.length > 0 ? types : undefined,
        });
      },
    },
    test: {
      form: 'ID',
      about: 'Send a test event.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        const test = await api.ask('POST', `${PATH}/${id}/test`);
        print(test, `A test is on its way. What becomes of it: packetboat webhooks waiting ${id}`);
      },
    },
    waiting: {
      form: 'ID [--limit N]',
      about: 'List deliveries that are on their way or are tried again, with what went wrong.',
      words: 1,
      options: LIST_OPTIONS,
      run: ({ list, positionals: [id] }) =>
        list(`${PATH}/${id}/deliveries`, {
          query: { state: 'due' },
          pathSaysWho: true,
          columns: [
            { title: 'id', show: 'id' },
            { title: 'event', show: 'payload.type' },
            { title: 'tries', show: 'tries', right: true },
            { title: 'next try', show: 'due_at' },
            { title: 'status', show: 'last_status', right: true },
            { title: 'error', show: 'last_error' },
          ],
          nothing: 'Nothing waits: what there was has arrived, or failed for good ("packetboat webhooks failed").',
        }),
    },
    failed: {
      form: 'ID [--limit N]',
      about: 'List deliveries that failed for a day.',
      words: 1,
      options: LIST_OPTIONS,
      run: ({ list, positionals: [id] }) =>
        list(`${PATH}/${id}/deliveries`, {
          query: { state: 'dead' },
          pathSaysWho: true,
          columns: [
            { title: 'id', show: 'id' },
            { title: 'event', show: 'event_id' },
            { title: 'tries', show: 'tries', right: true },
            { title: 'status', show: 'last_status', right: true },
            { title: 'error', show: 'last_error' },
          ],
          nothing: 'Nothing failed.',
        }),
    },
    replay: {
      form: 'ID [--delivery ID …] [--since TIME]',
      about: 'Deliver again what failed, or everything since a time.',
      words: 1,
      options: { delivery: { type: 'string', multiple: true }, since: { type: 'string' } },
      run: (context) => {
        const deliveries = context.options('delivery');
        return post(context, 'replay', { deliveries: deliveries.length > 0 ? deliveries : undefined, from: context.option('since') });
      },
    },
    rotate: { form: 'ID', about: 'Give it a new signing secret, shown once.', words: 1, run: (context) => post(context, 'rotate') },
    pause: { form: 'ID', about: 'Send it nothing until it is resumed.', words: 1, run: (context) => patch(context, { state: 'paused' }) },
    resume: { form: 'ID', about: 'Send to it again.', words: 1, run: (context) => patch(context, { state: 'active' }) },
    remove: {
      form: 'ID',
      about: 'Remove an endpoint.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `${PATH}/${id}`);
        print({ removed: id }, 'The endpoint is gone.');
      },
    },
  },
});

async function post({ api, positionals: [id], print }: VerbContext, what: string, body?: object): Promise<void> {
  print(await api.ask('POST', `${PATH}/${id}/${what}`, body === undefined ? {} : { body }));
}

async function patch({ api, positionals: [id], print }: VerbContext, body: object): Promise<void> {
  print(await api.ask('PATCH', `${PATH}/${id}`, { body }));
}
