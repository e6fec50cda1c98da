// This file is `packetboat audit`: who changed what.
import { apiCommand, LIST_OPTIONS } from './verbs.ts';

export const auditCommand = apiCommand({
  name: 'audit',
  summary: 'Show who changed what.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--subject ID] [--tenant NAME|ID] [--limit N]',
      about: 'List changes, newest first; --subject: those of one thing.',
      words: 0,
      options: { ...LIST_OPTIONS, subject: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/audit', {
          query: { subject: option('subject') },
          columns: [
            { title: 'at', show: 'at' },
            { title: 'who', show: 'actor' },
            { title: 'did', show: 'action' },
            { title: 'to', show: 'subject' },
            { title: 'more', show: 'detail' },
          ],
          nothing: 'Nothing was changed yet.',
        }),
    },
  },
});
