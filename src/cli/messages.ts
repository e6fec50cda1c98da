// This file is `packetboat messages`: find messages, see what happened to them, call them back.
import type { Language } from '../language.ts';
import { answerCommandWords } from './answer-words.ts';
import { type DecisionShown, decisionInWords } from './decision-words.ts';
import { counts, type Row, renderTable } from './table.ts';
import { apiCommand, COUNTED_LIST_OPTIONS, LIST_OPTIONS } from './verbs.ts';

export const messagesCommand = apiCommand({
  name: 'messages',
  summary: 'Find messages, see what happened to them, call them back.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--address A] [--subject PART] [--state STATE] [--stream STREAM] [--sender ADDRESS|DOMAIN] [--waits-for CODE,…] [--since TIME] [--until TIME] [--limit N] [--total]',
      about: 'List messages, newest first.',
      words: 0,
      options: {
        ...COUNTED_LIST_OPTIONS,
        address: { type: 'string' },
        subject: { type: 'string' },
        state: { type: 'string' },
        stream: { type: 'string' },
        sender: { type: 'string' },
        'waits-for': { type: 'string' },
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
            sender: option('sender'),
            waits_for: option('waits-for'),
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
    held: {
      form: '[--tenant NAME|ID] [--limit N]',
      about: 'Say how many held messages wait for what; they go out by themselves when it is there.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list }) =>
        list('/v1/held-messages', {
          columns: [
            { title: 'messages', show: 'messages', right: true },
            { title: 'wait for', show: (row) => WAITS_FOR[String(row['waits_for'])] ?? row['waits_for'] },
            { title: 'from', show: 'from' },
            { title: 'stream', show: 'stream' },
            { title: 'since', show: 'oldest_at' },
            { title: 'tenant', show: 'tenant_id' },
            { title: '--waits-for', show: 'waits_for' },
          ],
          nothing: 'Nothing is held that would go out by itself. What waits for a person: packetboat messages list --state held',
        }),
    },
    show: {
      form: 'ID',
      about: 'Show a message with its recipients, what they were told last, and why it goes the way it goes.',
      words: 1,
      run: async ({ api, language, positionals: [id], print }) => {
        const message = (await api.ask('GET', `/v1/messages/${id}`)) as Row & { recipients: Row[] };
        const words = answerCommandWords(language).message;
        const titles = words.columns;
        const columns = [
          { title: titles.recipient, show: 'address' },
          { title: titles.state, show: 'state' },
          { title: titles.reason, show: 'reason' },
          { title: titles.tries, show: 'attempt_count', right: true },
          { title: titles.next, show: 'next_at' },
          { title: titles.since, show: 'state_at' },
          { title: titles.words, show: (row: Row) => lastReply(row) },
        ];
        const stream = String(message['stream']);
        const facts = { from: String(message['from']), stream: words.streams[stream] ?? stream, at: String(message['created_at']) };
        const head = `${message['subject'] || words.noSubject}\n${words.head(facts)}\n\n`;
        print(message, `${head}${renderTable(message.recipients, columns)}${ways(message.recipients, language)}`);
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

/** What somebody has to do, or what has to happen. */
const WAITS_FOR: Readonly<Record<string, string>> = {
  'sender-not-allowed': 'the sender to be confirmed',
  'rewriting-not-agreed': 'the organisation to agree to a new From',
  'free-mailbox': 'the operator to allow a new From, or another way',
  'domain-not-authenticated': 'the records of its domain',
  'key-revoked': 'the next signing key of its domain',
  'rewriting-cap': 'room in the day of the organisation',
  'signed-by-author': 'a way that keeps From: it is signed',
  'no-account': 'a provider account',
  'every-account-out': 'a way that is not paused and can carry it',
  unknown: 'being asked',
};

/** Why recipients go the way they go; those for whom it is the same stand together. */
function ways(recipients: readonly Row[], language: Language): string {
  const groups = new Map<string, string[]>();
  for (const { address, decision } of recipients) {
    if (typeof decision !== 'object' || decision === null) continue;
    // The API answers decisions in this form.
    const words = decisionInWords(decision as DecisionShown, 'is', language);
    groups.set(words, [...(groups.get(words) ?? []), String(address)]);
  }
  return [...groups]
    .map(([words, who]) => `\n${answerCommandWords(language).message.why} (${someOf(who, language)}):\n${words}\n`)
    .join('');
}

function someOf(addresses: readonly string[], language: Language): string {
  const [first = '', ...more] = addresses;
  return more.length === 0 ? first : `${first} ${answerCommandWords(language).message.more(more.length)}`;
}

function toWhom(row: Row): string {
  const count = Number(row['recipient_count']);
  return count > 1 ? `${row['first_recipient']} and ${count - 1} more` : String(row['first_recipient'] ?? '');
}

function lastReply(row: Row): unknown {
  const attempts = row['attempts'];
  return Array.isArray(attempts) ? (attempts.at(-1) as Row | undefined)?.['reply'] : undefined;
}
