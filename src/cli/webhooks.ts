// This file is `packetboat webhooks`: where organisations want their events sent.
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

const PATH = '/v1/webhook-endpoints';

export const webhooksCommand = apiCommand({
  name: 'webhooks',
  summary: 'Register webhook endpoints, test them, replay what failed.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--tenant ID] [--limit N]',
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
            { title: 'failed', show: 'dead_deliveries', right: true },
          ],
          nothing: 'No endpoint is registered.',
        }),
    },
    add: {
      form: 'URL [--tenant ID] [--type TYPE …]',
      about: 'Register an endpoint; its secret is shown once.',
      words: 1,
      options: { type: { type: 'string', multiple: true } },
      run: async ({ api, positionals: [url], option, options, print }) =>
        print(await api.ask('POST', PATH, { body: { tenant_id: option('tenant'), url, types: options('type') } })),
    },
    test: { form: 'ID', about: 'Send a test event.', words: 1, run: (context) => post(context, 'test') },
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
