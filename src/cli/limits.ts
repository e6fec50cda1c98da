// This file is `packetboat limits`: how much may go to one mailbox provider at once and in a minute, and the limits of every message.
import { renderTable } from './table.ts';
import { apiCommand, type VerbContext } from './verbs.ts';

const PATH = '/v1/destination-limits';
const EVERY = 'every account, each on its own';

export const limitsCommand = apiCommand({
  name: 'limits',
  summary: 'Show and set how much may go to a mailbox provider; show how large messages may be.',
  preset: 'list',
  notes: 'All processes of the desk together keep to a limit. One of an account comes before the one for every account.',
  verbs: {
    list: {
      form: '',
      about: 'List the limits of mailbox providers.',
      words: 0,
      run: async ({ api, print }) => {
        // Lists of the API have this form.
        const answer = (await api.ask('GET', PATH)) as { data: Record<string, unknown>[] };
        const columns = [
          { title: 'id', show: 'id' },
          { title: 'mailbox provider', show: 'mailbox_provider' },
          { title: 'account', show: (row: Record<string, unknown>) => row['account_id'] ?? EVERY },
          { title: 'at once', show: 'connections', right: true },
          { title: 'a minute', show: 'per_minute', right: true },
        ];
        print(answer, renderTable(answer.data, columns, 'No limit is set: only what the accounts themselves allow counts.'));
      },
    },
    set: {
      form: 'MAILBOX-PROVIDER [--at-once N] [--per-minute N] [--account NAME|ID]',
      about: 'Limit what goes to google, microsoft, yahoo, apple, gmx, t-online, orange, comcast, mimecast, proofpoint or other.',
      words: 1,
      options: { 'at-once': { type: 'string' }, 'per-minute': { type: 'string' }, account: { type: 'string' } },
      run: async (context) => {
        const { api, positionals, option, print } = context;
        const body = {
          mailbox_provider: positionals[0],
          account_id: option('account') ?? null,
          connections: numberOf(context, 'at-once'),
          per_minute: numberOf(context, 'per-minute'),
        };
        print(await api.ask('PUT', PATH, { body }));
      },
    },
    clear: {
      form: 'ID',
      about: 'Take a limit away.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `${PATH}/${id}`);
        print({ cleared: id }, 'The limit is gone.');
      },
    },
    messages: {
      form: '',
      about: 'Show what the desk takes in at most: sizes, recipients, attachments.',
      words: 0,
      run: async ({ api, print }) => print(await api.ask('GET', '/v1/limits')),
    },
  },
});

function numberOf({ option }: VerbContext, name: string): number | null {
  const text = option(name);
  return text === undefined ? null : Number(text);
}
