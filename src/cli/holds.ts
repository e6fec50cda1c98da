// This file is `packetboat holds policy`: when an address goes on hold, and what another policy would have done.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { type AnswerCommandWords, answerCommandWords } from './answer-words.ts';
import { type Column, type Row, renderTable } from './table.ts';
import { apiCommand, type VerbContext } from './verbs.ts';

interface Policy {
  readonly inherited: boolean;
  readonly rules: Row[];
}

interface DryRun {
  readonly held: number;
  readonly of_addresses: number;
  readonly later_delivered: number;
  readonly by_class: Row[];
  readonly examples: Row[];
  readonly days: number;
  readonly events_read: number;
  readonly sampled: boolean;
  readonly read_since: string | null;
}

function ruleColumns({ columns, forGood, yes, no, streams }: AnswerCommandWords['policy']): readonly Column[] {
  return [
    { title: columns.classes, show: (row) => [row['classes']].flat().join(' ') },
    { title: columns.failures, show: 'failures' },
    { title: columns.over, show: 'over_days' },
    { title: columns.hold, show: (row) => row['hold_days'] ?? forGood },
    { title: columns.streams, show: (row) => streams[String(row['streams'])] ?? row['streams'] },
    { title: columns.doubles, show: (row) => (row['doubles'] === true ? yes : no) },
  ];
}

export const holdsCommand = apiCommand({
  name: 'holds',
  summary: 'Show and set when an address goes on hold.',
  preset: 'policy',
  notes: 'Only an address’s own fault holds it, and a receiver’s by a slow rule. "packetboat suppressions" lists the addresses.',
  verbs: {
    policy: {
      form: 'show | set FILE | dry-run [FILE] [--days N] | reset   [--tenant NAME|ID]',
      about: 'The policy of the platform, or of an organisation. FILE is the JSON of "show --json"; - reads the standard input.',
      words: 'any',
      options: { days: { type: 'string' } },
      run: async (context) => {
        const [what = 'show', file] = context.positionals;
        const run = Object.hasOwn(STEPS, what) ? STEPS[what] : undefined;
        if (!run) throw new AppError('CLI_USAGE', `There is no "holds policy ${what}"; there are show, set, dry-run and reset.`);
        await run(context, file);
      },
    },
  },
});

const STEPS: Readonly<Record<string, (context: VerbContext, file: string | undefined) => Promise<void>>> = {
  async show(context) {
    // Answers of the API have this form.
    printPolicy(context, (await context.api.ask('GET', '/v1/hold-policy', { query: { tenant_id: context.option('tenant') } })) as Policy);
  },
  async set(context, file) {
    if (file === undefined)
      throw new AppError('CLI_USAGE', 'Name the file with the rules.', { hint: 'Begin with "holds policy show --json".' });
    const body = { tenant_id: context.option('tenant'), rules: await rulesOf(context, file) };
    printPolicy(context, (await context.api.ask('PUT', '/v1/hold-policy', { body })) as Policy);
  },
  async reset({ api, option, print, language }) {
    await api.ask('DELETE', '/v1/hold-policy', { query: { tenant_id: option('tenant') } });
    print({ reset: true }, answerCommandWords(language).policy.reset);
  },
  async 'dry-run'(context, file) {
    const { api, option, print, language } = context;
    const days = option('days');
    const body = {
      tenant_id: option('tenant'),
      ...(file === undefined ? {} : { rules: await rulesOf(context, file) }),
      ...(days === undefined ? {} : { days: Number(days) }),
    };
    // Answers of the API have this form.
    const run = (await api.ask('POST', '/v1/hold-policy/dry-run', { body })) as DryRun;
    const { wouldHold, sampled, found } = answerCommandWords(language).policy;
    const facts = { held: run.held, of: run.of_addresses, days: run.days, later: run.later_delivered };
    const read = run.sampled ? sampled(run.events_read, String(run.read_since)) : '';
    print(
      run,
      `${wouldHold(facts)}${read}
${renderTable(run.by_class, [
  { title: found.class, show: 'class' },
  { title: found.held, show: 'held' },
  { title: found.later, show: 'later_delivered' },
])}${renderTable(run.examples, [
  { title: found.address, show: 'address' },
  { title: found.class, show: 'class' },
  { title: found.held, show: 'held_at' },
  { title: found.later, show: 'later_delivered_at' },
  { title: found.proof, show: 'evidence' },
])}`,
    );
  },
};

function printPolicy({ print, language }: VerbContext, policy: Policy): void {
  const words = answerCommandWords(language).policy;
  print(policy, `${policy.inherited ? `${words.inherited}\n` : ''}${renderTable(policy.rules, ruleColumns(words))}`);
}

/** The rules in a file: a list, or an object with the field "rules". */
async function rulesOf({ io }: VerbContext, path: string): Promise<unknown> {
  const text = path === '-' ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, path), 'utf8');
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'rules' in json ? json.rules : json;
  } catch (cause) {
    throw new AppError('CLI_USAGE', `${path === '-' ? 'What came on stdin' : path} is not JSON.`, {
      hint: 'Check commas and quotes; "holds policy show --json" prints the form.',
      cause,
    });
  }
}
