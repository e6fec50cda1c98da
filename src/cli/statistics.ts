// This file is `packetboat stats`: how many were accepted, delivered, refused and why, with rates and how sure they are.
import { counts, type Row, renderTable } from './table.ts';
import { apiCommand } from './verbs.ts';

export const statsCommand = apiCommand({
  name: 'stats',
  summary: 'Count recipients by what became of them, with rates.',
  preset: 'show',
  notes: 'Rates come with the range that holds them with 90 % certainty. "packetboat stats define" says what each divides by what.',
  verbs: {
    show: {
      form: '[--by WHAT] [--since TIME] [--until TIME] [--stream STREAM] [--domain NAME] [--mailbox-provider NAME] [--account ID] [--class CLASS] [--fault FAULT]',
      about: 'Show the last 30 days; --by tenant, domain, stream, mailbox_provider, account, class, fault, hour or day.',
      words: 0,
      options: {
        by: { type: 'string' },
        since: { type: 'string' },
        until: { type: 'string' },
        stream: { type: 'string' },
        domain: { type: 'string' },
        'mailbox-provider': { type: 'string' },
        account: { type: 'string' },
        class: { type: 'string' },
        fault: { type: 'string' },
      },
      run: async ({ api, option, print }) => {
        const query = {
          tenant_id: option('tenant'),
          by: option('by'),
          from: option('since'),
          to: option('until'),
          stream: option('stream'),
          domain: option('domain'),
          mailbox_provider: option('mailbox-provider'),
          account: option('account'),
          class: option('class'),
          fault: option('fault'),
        };
        // The answer has the form of the description.
        const answer = (await api.ask('GET', '/v1/statistics', { query })) as { total: Row; data: Row[]; more: number };
        const more = answer.more > 0 ? `${answer.more} rows with less mail are left out.\n` : '';
        const whose = answer.total['by_fault'];
        const faults = counts(whose);
        print(
          answer,
          `${renderTable([...answer.data, answer.total], COLUMNS)}${more}${faults === '' ? '' : `Not delivered, by fault: ${faults}.\n`}`,
        );
      },
    },
    define: {
      form: '',
      about: 'Say exactly what each rate means.',
      words: 0,
      run: async ({ api, option, print }) => {
        const answer = (await api.ask('GET', '/v1/statistics', { query: { tenant_id: option('tenant') } })) as {
          definitions: Record<string, string>;
        };
        print(
          answer.definitions,
          Object.entries(answer.definitions)
            .map(([name, text]) => `${name}\n  ${text}`)
            .join('\n'),
        );
      },
    },
  },
});

const COLUMNS = [
  { title: 'what', show: 'label' },
  ...(['accepted', 'handed_over', 'delivered', 'bounced', 'failed', 'expired', 'complained'] as const).map((name) => ({
    title: name,
    show: name,
    right: true,
  })),
  { title: 'delivered rate', show: (row: Row) => percent(row['delivered_rate']), right: true },
  { title: 'bounce rate', show: (row: Row) => percent(row['bounce_rate']), right: true },
];

/** Recipients that a rate is measured on. */
export function measuredOn(rate: unknown): number {
  // Every rate of the API has this form.
  return ((rate ?? {}) as { n?: number }).n ?? 0;
}

/** A rate with its range; what nobody can tell yet stays empty. */
export function percent(rate: unknown): string | null {
  // Every rate of the API has this form.
  const { value, low, high } = (rate ?? {}) as { value?: number | null; low?: number; high?: number };
  if (value === null || value === undefined) return null;
  const digits = value < 0.01 ? 2 : 1;
  const show = (n = 0) => (n * 100).toFixed(digits);
  return `${show(value)} % (${show(low)}–${show(high)})`;
}
