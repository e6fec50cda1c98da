// This file is `packetboat suppressions`: addresses on hold.
import { apiCommand, LIST_OPTIONS } from './verbs.ts';

export const suppressionsCommand = apiCommand({
  name: 'suppressions',
  summary: 'List, add and end holds of addresses.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--address A] [--reason CLASS] [--limit N]',
      about: 'List addresses on hold, newest first.',
      words: 0,
      options: { ...LIST_OPTIONS, address: { type: 'string' }, reason: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/suppressions', {
          query: { address: option('address'), reason: option('reason'), after: option('after') },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'address', show: 'address' },
            { title: 'stream', show: (row) => row['stream'] ?? 'both' },
            { title: 'reason', show: 'reason' },
            { title: 'since', show: 'created_at' },
            { title: 'until', show: 'expires_at' },
            { title: 'proof', show: 'evidence' },
          ],
          nothing: 'No address is on hold.',
        }),
    },
    add: {
      form: 'ADDRESS [--tenant ID] [--stream STREAM] [--reason WHY] [--until TIME]',
      about: 'Put an address on hold.',
      words: 1,
      options: { stream: { type: 'string' }, reason: { type: 'string' }, until: { type: 'string' } },
      run: async ({ api, positionals: [address], option, print }) =>
        print(
          await api.ask('POST', '/v1/suppressions', {
            body: {
              tenant_id: option('tenant'),
              address,
              stream: option('stream'),
              reason: option('reason'),
              expires_at: option('until'),
            },
          }),
        ),
    },
    remove: {
      form: 'ID|ADDRESS [--tenant ID] [--stream STREAM]',
      about: 'End a hold, by its id or by its address.',
      words: 1,
      options: { stream: { type: 'string' } },
      run: async ({ api, positionals: [which = ''], option, print }) => {
        const query = { tenant_id: option('tenant'), address: which, stream: option('stream') };
        if (which.includes('@')) await api.ask('DELETE', '/v1/suppressions', { query });
        else await api.ask('DELETE', `/v1/suppressions/${which}`);
        print({ removed: which }, `${which} may be written to again.`);
      },
    },
  },
});
