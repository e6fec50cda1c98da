// This file is `packetboat rules`: the platform's own rules for answers of mail servers.
import { AppError } from '../errors.ts';
import { readRulesFile } from './rules-asked.ts';
import { renderTable } from './table.ts';
import { apiCommand, type VerbContext } from './verbs.ts';

const COLUMNS = [
  { title: 'id', show: 'id' },
  { title: 'class', show: 'class' },
  {
    title: 'patterns',
    show: (row: Readonly<Record<string, unknown>>) => (Array.isArray(row['patterns']) ? row['patterns'].join('  ·  ') : ''),
  },
  { title: 'codes', show: (row: Readonly<Record<string, unknown>>) => (Array.isArray(row['codes']) ? row['codes'].join(' ') : '') },
  { title: 'note', show: 'note' },
];

const TEST_COLUMNS = [
  { title: 'class', show: 'class' },
  { title: 'rule', show: 'rule' },
  { title: 'without own rules', show: (row: Readonly<Record<string, unknown>>) => classIn(row['was']) },
  { title: 'answer', show: 'reply' },
];

export const rulesCommand = apiCommand({
  name: 'rules',
  summary: 'Show, check and replace the platform’s own rules for answers of mail servers. They are asked before ours.',
  preset: 'list',
  notes: `FILE holds {"rules": [{"id", "class", "patterns", "sample", "codes"?, "domains"?, "stages"?, "suppress"?, "note"?}]} or the list alone; "-" reads it on stdin.
A pattern is words; * is a gap of at most 60 characters, | and (a|b) are alternatives. docs/API.md says more.`,
  verbs: {
    list: {
      form: '',
      about: 'Show the rules in the order in which they are asked.',
      words: 0,
      run: async ({ api, print }) => {
        // The desk's own answer has this form.
        const answer = (await api.ask('GET', '/v1/feedback/rules')) as { rules: Record<string, unknown>[] };
        print(answer, renderTable(answer.rules, COLUMNS, 'There are no own rules.'));
      },
    },
    set: {
      form: 'FILE|-',
      about: 'Replace all rules; refused as a whole when one of them is wrong.',
      words: 1,
      run: async (context) => {
        const rules = await readRules(context);
        const answer = (await context.api.ask('PUT', '/v1/feedback/rules', { body: { rules } })) as { rules: unknown[] };
        context.print(answer, `${answer.rules.length} rules stand; every node knows them within seconds.`);
      },
    },
    test: {
      form: 'FILE|- ["<reply>" …]',
      about: 'Check a file without storing it, and say what its rules make of answers.',
      words: 'any',
      run: async (context) => {
        const rules = await readRules(context);
        const replies = context.positionals.slice(1);
        const answer = (await context.api.ask('POST', '/v1/feedback/rules/test', { body: { rules, replies } })) as {
          data: Record<string, unknown>[];
        };
        context.print(answer, replies.length === 0 ? 'The rules are right; nothing was stored.' : renderTable(answer.data, TEST_COLUMNS));
      },
    },
  },
});

function classIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'class' in value ? String(value.class) : '';
}

async function readRules({ positionals: [file], io }: VerbContext): Promise<unknown> {
  if (file === undefined) throw new AppError('CLI_USAGE', 'Name the file with the rules.');
  return readRulesFile(file, io);
}
