// This file is `packetboat bounces` and `packetboat complaints`: what receivers and people answered, and to which mail.
import { measuredOn, percent } from './statistics.ts';
import type { Row } from './table.ts';
import { renderTable } from './table.ts';
import { apiCommand, COUNTED_LIST_OPTIONS, type VerbContext } from './verbs.ts';

const FILTERS = {
  'mailbox-provider': { type: 'string' },
  domain: { type: 'string' },
  account: { type: 'string' },
  stream: { type: 'string' },
  address: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
} as const;
const FILTER_FORM =
  '[--mailbox-provider NAME] [--domain NAME] [--account ID] [--stream STREAM] [--address A] [--since TIME] [--until TIME] [--limit N] [--total]';

const queryOf = (option: VerbContext['option']) => ({
  mailbox_provider: option('mailbox-provider'),
  domain: option('domain'),
  account: option('account'),
  stream: option('stream'),
  address: option('address'),
  from: option('since'),
  to: option('until'),
  after: option('after'),
});

export const bouncesCommand = apiCommand({
  name: 'bounces',
  summary: 'Look into bounces, refusals and expiries.',
  preset: 'list',
  verbs: {
    list: {
      form: `[--class CLASS] [--fault FAULT] [--type TYPE] [--hard] ${FILTER_FORM}`,
      about: 'List them, newest first, with whose turn it is and the words of the receiver.',
      words: 0,
      options: {
        ...COUNTED_LIST_OPTIONS,
        ...FILTERS,
        class: { type: 'string' },
        fault: { type: 'string' },
        type: { type: 'string' },
        hard: { type: 'boolean' },
      },
      run: ({ list, option, flag }) =>
        list('/v1/bounces', {
          query: {
            ...queryOf(option),
            class: option('class'),
            fault: option('fault'),
            type: option('type'),
            ...(flag('hard') ? { hard: 'true' } : {}),
          },
          columns: [
            { title: 'at', show: 'at' },
            { title: 'address', show: 'address' },
            { title: 'type', show: 'type' },
            { title: 'class', show: 'class' },
            { title: 'fault', show: 'fault' },
            { title: 'on hold', show: (row) => (row['held'] ? 'yes' : '') },
            { title: 'message', show: 'message_id' },
            { title: 'said', show: 'diagnostic' },
          ],
          nothing: 'Nothing bounced.',
        }),
    },
  },
});

export const complaintsCommand = apiCommand({
  name: 'complaints',
  summary: 'Look into complaints, and hold their rates against the lines of mailbox providers.',
  preset: 'list',
  notes: 'People often press the wrong button: a complaint is a wish to get no more of this, not an accusation.',
  verbs: {
    list: {
      form: FILTER_FORM,
      about: 'List complaints, newest first, with the mailing they came from.',
      words: 0,
      options: { ...COUNTED_LIST_OPTIONS, ...FILTERS },
      run: ({ list, option }) =>
        list('/v1/complaints', {
          query: queryOf(option),
          columns: [
            { title: 'at', show: 'at' },
            { title: 'address', show: 'address' },
            { title: 'mailing', show: 'tags' },
            { title: 'subject', show: 'subject' },
            { title: 'mailbox provider', show: 'mailbox_provider' },
            { title: 'message', show: 'message_id' },
          ],
          nothing: 'Nobody complained.',
        }),
    },
    rates: {
      form: '[--since TIME] [--until TIME]',
      about: 'Show the complaint rate at each mailbox provider: good below 0.1 %, stop at 0.3 %.',
      words: 0,
      options: { since: { type: 'string' }, until: { type: 'string' } },
      run: async ({ api, option, print }) => {
        const query = { tenant_id: option('tenant'), from: option('since'), to: option('until') };
        // The answer has the form of the description.
        const answer = (await api.ask('GET', '/v1/complaints/rates', { query })) as { data: Row[] };
        print(
          answer,
          renderTable(
            answer.data,
            [
              { title: 'mailbox provider', show: 'mailbox_provider' },
              // A route that never reports deliveries counts with what it handed over.
              { title: 'of', show: (row) => measuredOn(row['rate']), right: true },
              { title: 'complained', show: 'complained', right: true },
              { title: 'rate', show: (row) => percent(row['rate']), right: true },
              { title: 'verdict', show: (row) => (row['verdict'] === 'too-little' ? 'too little to say' : row['verdict']) },
            ],
            'Nothing was delivered in this time.',
          ),
        );
      },
    },
  },
});
