// This file is `packetboat inbound`: mails that came back, what they were read as, and reading them again.
import { apiCommand, LIST_OPTIONS } from './verbs.ts';

const FILTERS = {
  kind: { type: 'string' },
  class: { type: 'string' },
  outcome: { type: 'string' },
  mailbox: { type: 'string' },
  message: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const;

export const inboundCommand = apiCommand({
  name: 'inbound',
  summary: 'Show mails that came back: bounces, complaints, automatic replies, answers of people.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--kind KIND] [--class CLASS] [--outcome OUTCOME] [--mailbox NAME|ID] [--message ID] [--from TIME] [--to TIME] [--limit N]',
      about: 'List mails that came back, newest first.',
      words: 0,
      options: { ...LIST_OPTIONS, ...FILTERS },
      run: ({ list, option }) =>
        list('/v1/inbound-mails', {
          query: {
            kind: option('kind'),
            class: option('class'),
            outcome: option('outcome'),
            mailbox_id: option('mailbox'),
            message_id: option('message'),
            from: option('from'),
            to: option('to'),
            after: option('after'),
          },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'received', show: 'received_at' },
            { title: 'kind', show: 'kind' },
            { title: 'class', show: 'class' },
            { title: 'outcome', show: 'outcome' },
            { title: 'matched by', show: 'matched_by' },
            { title: 'message', show: 'message_id' },
            { title: 'from', show: 'from' },
            { title: 'subject', show: 'subject' },
          ],
          nothing: 'No mail came back.',
        }),
    },
    show: {
      form: 'ID',
      about: 'Show what a mail was read as.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/inbound-mails/${id}`)),
    },
    raw: {
      form: 'ID',
      about: 'Print a mail as it came.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        const raw = await api.ask('GET', `/v1/inbound-mails/${id}/raw`);
        print(raw, String(raw));
      },
    },
    replay: {
      form: 'ID',
      about: "Read a mail again by today's rules.",
      words: 1,
      run: async ({ api, positionals: [id], print }) =>
        print(
          await api.ask('POST', `/v1/inbound-mails/${id}/replay`),
          `${id} is read again; "packetboat inbound show ${id}" says what came of it.`,
        ),
    },
  },
});
