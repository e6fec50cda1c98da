// This file is `packetboat messages`: find messages, see what happened to them, call them back.
import { counts, type Row, renderTable } from './table.ts';
import { apiCommand, COUNTED_LIST_OPTIONS } from './verbs.ts';

export const messagesCommand = apiCommand({
  name: 'messages',
  summary: 'Find messages, see what happened to them, call them back.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--address A] [--subject PART] [--state STATE] [--stream STREAM] [--since TIME] [--until TIME] [--limit N] [--total]',
      about: 'List messages, newest first.',
      words: 0,
      options: {
        ...COUNTED_LIST_OPTIONS,
        address: { type: 'string' },
        subject: { type: 'string' },
        state: { type: 'string' },
        stream: { type: 'string' },
        since: { type: 'string' },
        until: { type: 'string' },
      },
      run: ({ list, option }) =>
        list('/v1/messages', {
          query: {
            address: option('address'),
            subject: option('subject'),
            state: option('state'),
            stream: option('stream'),
            from: option('since'),
            to: option('until'),
            after: option('after'),
          },
          columns: [
            { title: 'id', show: 'id' },
            { title: 'accepted', show: 'created_at' },
            { title: 'from', show: 'from' },
            { title: 'to', show: (row) => toWhom(row) },
            { title: 'subject', show: 'subject' },
            { title: 'where it is', show: (row) => counts(row['states']) },
          ],
          nothing: 'No message fits.',
        }),
    },
    show: {
      form: 'ID',
      about: 'Show a message with its recipients and every try.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        const message = (await api.ask('GET', `/v1/messages/${id}`)) as Row & { recipients: Row[] };
        const columns = [
          { title: 'recipient', show: 'address' },
          { title: 'state', show: 'state' },
          { title: 'reason', show: 'reason' },
          { title: 'tries', show: 'attempt_count', right: true },
          { title: 'next try', show: 'next_at' },
          { title: 'since', show: 'state_at' },
          { title: 'last words', show: (row: Row) => lastReply(row) },
        ];
        const head = `${message['subject'] || '(no subject)'}\nfrom ${message['from']}, ${message['stream']}, accepted ${message['created_at']}\n\n`;
        print(message, `${head}${renderTable(message.recipients, columns)}`);
      },
    },
    source: {
      form: 'ID',
      about: 'Print a message as it was accepted.',
      words: 1,
      run: async ({ api, positionals: [id], io }) => {
        io.stdout.write(String(await api.ask('GET', `/v1/messages/${id}/source`)));
      },
    },
    cancel: {
      form: 'ID',
      about: 'Call back what has not left yet.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('POST', `/v1/messages/${id}/cancel`)),
    },
    release: {
      form: 'RECIPIENT',
      about: 'Let a held recipient go.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('POST', `/v1/recipients/${id}/release`)),
    },
  },
});

function toWhom(row: Row): string {
  const count = Number(row['recipient_count']);
  return count > 1 ? `${row['first_recipient']} and ${count - 1} more` : String(row['first_recipient'] ?? '');
}

function lastReply(row: Row): unknown {
  const attempts = row['attempts'];
  return Array.isArray(attempts) ? (attempts.at(-1) as Row | undefined)?.['reply'] : undefined;
}
