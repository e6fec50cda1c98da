// This file is `packetboat ledger`: everything that was taken in, against where it stands.
import { counts } from './table.ts';
import { apiCommand } from './verbs.ts';

export const ledgerCommand = apiCommand({
  name: 'ledger',
  summary: 'Show whether every recipient has a fate.',
  preset: 'show',
  notes: 'Exit status 0 means that the desk answered; look at the difference.',
  verbs: {
    show: {
      form: '[--tenant NAME|ID] [--stream STREAM] [--since TIME] [--until TIME]',
      about: 'Show the ledger; times are rounded to whole hours.',
      words: 0,
      options: { stream: { type: 'string' }, since: { type: 'string' }, until: { type: 'string' } },
      run: async ({ api, option, print }) => {
        const query = { tenant_id: option('tenant'), stream: option('stream'), from: option('since'), to: option('until') };
        const ledger = (await api.ask('GET', '/v1/ledger', { query })) as { injected: number; states: unknown; difference: number };
        const verdict = ledger.difference === 0 ? 'The ledger balances.' : `The ledger does not balance: ${ledger.difference}.`;
        print(ledger, `${verdict}\n${ledger.injected} taken in: ${counts(ledger.states) || 'nothing yet'}`);
      },
    },
  },
});
