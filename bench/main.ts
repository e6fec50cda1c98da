// This file is `npm run bench -- NAME`: it runs one benchmark, prints what it found, keeps it in RESULTS.md, and ends with a status.
import { parseArgs } from 'node:util';
import { type Bench, keepResults } from './kit/report.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Bench>;
}

const BENCHES: Readonly<Record<string, Entry>> = {
  relay: {
    summary: 'the desk against Postfix, turn by turn; --deep: with millions of rows; --profile: where the time goes',
    load: async () => (await import('./relay/relay.ts')).benchRelay,
  },
  api: {
    summary: 'accepted/s, waits at half load, batches of a thousand',
    load: async () => (await import('./api.ts')).benchApi,
  },
  webhooks: {
    summary: 'events/s stored raw, and fully processed',
    load: async () => (await import('./webhooks.ts')).benchWebhooks,
  },
  feedback: {
    summary: 'received mails read and classified a second, and what hostile ones cost',
    load: async () => (await import('./feedback/feedback.ts')).benchFeedback,
  },
  reports: {
    summary: 'megabytes of DMARC reports read in a second on one core; a million records of a year stored and asked',
    load: async () => (await import('./reports.ts')).benchReports,
  },
  dkim: {
    summary: 'ten thousand odd messages verified by two verifiers; CPU of a signature beside the bare RSA operation',
    load: async () => (await import('./dkim.ts')).benchDkim,
  },
  holds: {
    summary: 'what a million holds cost at the door and in a claim; a million events in disorder',
    load: async () => (await import('./holds/holds.ts')).benchHolds,
  },
  fairness: {
    summary: "how much later another tenant's transactional message arrives while 100,000 recipients wait",
    load: async () => (await import('./fairness.ts')).benchFairness,
  },
  released: {
    summary: 'fifty thousand held messages let go at once: how long it takes, and what everybody else feels of it',
    load: async () => (await import('./released.ts')).benchReleased,
  },
  dns: {
    summary: 'a domain whose records change all the time, checked 200 times a second against Knot; how long the event loop waits',
    load: async () => (await import('./dns.ts')).benchDns,
  },
  statistics: {
    summary: 'questions about a year with a million recipients; what counting costs per 1,000 events',
    load: async () => (await import('./statistics.ts')).benchStatistics,
  },
  kill: {
    summary: 'of the node, of PostgreSQL, of both, at random moments; nothing accepted may be lost',
    load: async () => (await import('./kill/kill.ts')).benchKill,
  },
  start: {
    summary: 'git clone, npm start, one message; needs what npm needs',
    load: async () => (await import('./start.ts')).benchStart,
  },
};

const USAGE = `npm run bench -- NAME [--json] [--quick] [--no-write] …

${Object.entries(BENCHES)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

--quick   smaller runs for a look, not kept in bench/RESULTS.md
--json    the last line is the figures as JSON
relay also takes --deep, --profile, --distinct (no two recipients alike), --only plain,signed,new,secured (or none), --pairs N, --stored N, --queued N
Status: 0 measured and nothing lost · 1 something failed or was lost · 2 wrong use
`;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...rest]: string[]): Promise<number> {
  const entry = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || entry === undefined) {
    console.error(USAGE);
    return 2;
  }
  const own = {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: rest, options: own, strict: false });
  const args = rest.filter((arg) => !Object.keys(own).includes(arg.replace(/^--/, '')));
  try {
    const bench = await entry.load();
    const report = await bench({ quick: values.quick === true, args });
    for (const { title, body } of report.sections) console.log(`\n## ${title}\n\n${body}\n`);
    for (const fault of report.faults) console.error(`FAULT: ${fault}`);
    if (values.quick !== true && values['no-write'] !== true) {
      for (const section of report.sections) keepResults(name, section, Date.now());
    }
    if (values.json === true) console.log(JSON.stringify(report.json));
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error);
    return 1;
  }
}
