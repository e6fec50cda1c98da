// This file is `packetboat status`: is mail moving, is anything lost or late, what needs a person.
import { counts, type Row, renderTable } from './table.ts';
import { apiCommand } from './verbs.ts';

interface Overview {
  readonly taken_in_last_minute: number;
  readonly handed_over_last_minute: number;
  readonly oldest_waiting: { transactional_s: number | null; bulk_s: number | null };
  readonly ledger: { difference: number | null };
  readonly last_24h: { recipients: number; messages: number; states: unknown };
  readonly needs_person: { title: string; text: string }[];
  readonly accounts: Row[];
  readonly simulator: boolean;
}

export const statusCommand = apiCommand({
  name: 'status',
  summary: 'Is mail moving, and what needs a person?',
  preset: 'show',
  verbs: {
    show: {
      form: '[--tenant NAME|ID]',
      about: 'Show the numbers of the first page.',
      words: 0,
      run: async ({ api, option, print }) => {
        const overview = (await api.ask('GET', '/v1/overview', { query: { tenant_id: option('tenant') } })) as Overview;
        print(overview, inWords(overview));
      },
    },
  },
});

function inWords(overview: Overview): string {
  const { oldest_waiting: oldest, ledger, last_24h: day } = overview;
  const wait = Math.max(oldest.transactional_s ?? 0, oldest.bulk_s ?? 0);
  const accounts = renderTable(overview.accounts, [
    { title: 'account', show: 'name' },
    { title: 'provider', show: 'provider' },
    { title: 'state', show: 'state' },
    { title: 'health', show: 'health' },
    { title: 'reason', show: 'health_reason' },
  ]);
  return [
    `${overview.taken_in_last_minute} taken in and ${overview.handed_over_last_minute} handed over in the last minute.`,
    wait > 0 ? `The oldest that is due has been waiting for ${Math.round(wait)} s.` : 'Nothing that is due is waiting.',
    ledger.difference === null
      ? 'The ledger could not be read now.'
      : ledger.difference === 0
        ? 'The ledger balances.'
        : `The ledger does not balance: ${ledger.difference}.`,
    `In 24 hours: ${day.messages} messages to ${day.recipients} recipients${day.recipients > 0 ? ` (${counts(day.states)})` : ''}.`,
    ...(overview.simulator ? ['Mail goes to the simulator on this machine, not to people.'] : []),
    ...overview.needs_person.map(({ title, text }) => `! ${title} ${text}`),
    ...(overview.accounts.length > 0 ? ['', accounts] : []),
  ].join('\n');
}
