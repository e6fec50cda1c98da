// This file is `packetboat accounts`: accounts at providers, through which mail leaves.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { type Row, renderTable } from './table.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

const GIVEN = {
  set: { type: 'string', multiple: true },
  secret: { type: 'string', multiple: true },
  'secret-file': { type: 'string' },
} as const;

export const accountsCommand = apiCommand({
  name: 'accounts',
  summary: 'Add, test, pause and remove provider accounts.',
  preset: 'list',
  notes: `--set host=smtp.example.org --set port=587 gives settings; --secret-file FILE (or - for stdin) a JSON object of secrets. --secret NAME=VALUE
works too, but other programs of this machine can see it while the command runs.`,
  verbs: {
    list: {
      form: '[--limit N]',
      about: 'List accounts with their health.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list }) =>
        list('/v1/provider-accounts', {
          columns: [
            { title: 'id', show: 'id' },
            { title: 'name', show: 'name' },
            { title: 'provider', show: 'provider' },
            { title: 'state', show: 'state' },
            { title: 'health', show: 'health' },
            { title: 'reason', show: 'health_reason' },
            { title: 'simulated', show: (row) => (row['simulated'] ? 'yes' : '') },
          ],
          nothing: 'There is no account yet. Add one with: packetboat accounts add NAME --provider smtp --set host=… --set port=587',
        }),
    },
    providers: {
      form: '',
      about: 'List the kinds of providers.',
      words: 0,
      run: async ({ api, print }) => {
        const answer = (await api.ask('GET', '/v1/providers')) as { data: Record<string, unknown>[] };
        const columns = [
          { title: 'provider', show: 'kind' },
          { title: 'title', show: 'title' },
          { title: 'raw MIME', show: (row: Row) => yes(row, 'rawMime') },
          { title: 'delivery events', show: (row: Row) => yes(row, 'deliveryEvents') },
          { title: 'batch', show: 'capabilities.batchMax', right: true },
        ];
        print(answer, renderTable(answer.data, columns));
      },
    },
    add: {
      form: 'NAME --provider KIND [--set NAME=VALUE …] [--secret-file FILE|-]',
      about: 'Add an account; the answer holds its webhook address.',
      words: 1,
      options: { ...GIVEN, provider: { type: 'string' } },
      run: async (context) => {
        const {
          api,
          option,
          positionals: [name],
          print,
        } = context;
        const body = { name, provider: option('provider'), settings: settingsOf(context), secret: await secretOf(context) };
        print(await api.ask('POST', '/v1/provider-accounts', { body }));
      },
    },
    show: {
      form: 'NAME|ID',
      about: 'Show one with its webhook address.',
      named: 'account',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/provider-accounts/${id}`)),
    },
    change: {
      form: 'NAME|ID [--name NAME] [--set NAME=VALUE …] [--secret-file FILE|-]',
      about: 'Change what is given; an empty VALUE removes a setting.',
      named: 'account',
      words: 1,
      options: { ...GIVEN, name: { type: 'string' } },
      run: async (context) => {
        const [settings, secret] = [settingsOf(context), await secretOf(context)];
        await patch(context, {
          name: context.option('name'),
          settings: Object.keys(settings).length > 0 ? settings : undefined,
          secret: Object.keys(secret).length > 0 ? secret : undefined,
        });
      },
    },
    test: {
      form: 'NAME|ID [--from ADDRESS --to ADDRESS]',
      about: 'Reach its server; with addresses, hand one small mail over. Exit status 1 where that does not work.',
      named: 'account',
      words: 1,
      options: { from: { type: 'string' }, to: { type: 'string' } },
      run: async ({ api, positionals: [id], option, print }) => {
        const [from, to] = [option('from'), option('to')];
        const body = from !== undefined || to !== undefined ? { body: { from, to } } : {};
        // The desk's answers have the form that its description says.
        const answer = (await api.ask('POST', `/v1/provider-accounts/${id}/test`, body)) as { ok: boolean };
        print(answer);
        return answer.ok;
      },
    },
    'sync-suppressions': {
      form: 'NAME|ID [--whole] [--wait]',
      about: "Read the provider's suppression list now; --wait shows the counts once it is done.",
      named: 'account',
      words: 1,
      options: { whole: { type: 'boolean' }, wait: { type: 'boolean' } },
      run: syncSuppressions,
    },
    'sync-settings': {
      form: 'NAME|ID [--every SECONDS|default] [--push never|own-list|always] [--follow-removals yes|no]',
      about: "Show or set how the provider's suppression list is kept in step with our holds.",
      named: 'account',
      words: 1,
      options: { every: { type: 'string' }, push: { type: 'string' }, 'follow-removals': { type: 'string' } },
      run: syncSettings,
    },
    listed: {
      form: 'NAME|ID [--address ADDRESS] [--verdict WORD] [--limit N]',
      about: "What the provider's suppression list says about addresses of ours.",
      named: 'account',
      words: 1,
      options: { ...LIST_OPTIONS, address: { type: 'string' }, verdict: { type: 'string' } },
      run: ({ list, positionals: [id], option }) =>
        list(`/v1/provider-accounts/${id}/suppressions`, {
          query: { address: option('address'), verdict: option('verdict') },
          columns: [
            { title: 'address', show: 'address' },
            { title: 'stream', show: (row) => String(row['stream'] ?? 'all') },
            { title: 'listed', show: 'listed_at' },
            { title: 'label', show: 'label' },
            { title: 'class', show: 'class' },
            { title: 'here', show: 'verdict' },
          ],
          nothing: 'The list names no address that our mail went to over this account, as far as it was read.',
        }),
    },
    unlist: {
      form: 'NAME|ID ADDRESS',
      about: "Take an address off the provider's suppression list. Holds here stay.",
      named: 'account',
      words: 2,
      run: async ({ api, positionals: [id, address], print }) =>
        print(await api.ask('DELETE', `/v1/provider-accounts/${id}/suppressions?address=${encodeURIComponent(address ?? '')}`)),
    },
    pause: {
      form: 'NAME|ID',
      about: 'Hand nothing more to it.',
      named: 'account',
      words: 1,
      run: (context) => patch(context, { state: 'paused' }),
    },
    resume: {
      form: 'NAME|ID',
      about: 'Hand mail to it again.',
      named: 'account',
      words: 1,
      run: (context) => patch(context, { state: 'active' }),
    },
    remove: {
      form: 'NAME|ID [--dry-run]',
      about: 'Take it out of use and out of every routing list. With --dry-run it is only shown.',
      named: 'account',
      words: 1,
      options: { 'dry-run': { type: 'boolean' } },
      run: async ({ api, positionals: [id], flag, print }) => {
        // Answers of the API have this form.
        const account = (await api.ask('GET', `/v1/provider-accounts/${id}`)) as { name: string };
        if (flag('dry-run')) return print(account);
        await api.ask('DELETE', `/v1/provider-accounts/${id}`);
        print(account, `${account.name} is out of use, and out of every routing list. What waited for it goes another way, or is held.`);
      },
    },
  },
});

function yes(row: Row, capability: string): string {
  const capabilities = row['capabilities'];
  // The desk's answers have the form that its description says.
  return typeof capabilities === 'object' && capabilities !== null && (capabilities as Row)[capability] === true ? 'yes' : 'no';
}

async function patch({ api, positionals: [id], print }: VerbContext, body: object): Promise<void> {
  print(await api.ask('PATCH', `/v1/provider-accounts/${id}`, { body }));
}

/** While --wait looks whether the reading is done, milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** A list of a million entries is read in less than an hour. */
const LOOKS_MAX = 3_600;

async function syncSuppressions({ api, positionals: [id], flag, print }: VerbContext): Promise<void> {
  const path = `/v1/provider-accounts/${id}/suppressions/sync`;
  // The desk's answers have the form that its description says.
  const before = (await api.ask('GET', path)) as { ended_at: string | null };
  let sync = await api.ask('POST', path, { body: { whole: flag('whole') } });
  for (let looks = 0; flag('wait') && looks < LOOKS_MAX; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    sync = await api.ask('GET', path);
    const now = sync as { ended_at: string | null; needs_person: boolean };
    if (now.needs_person || (now.ended_at !== null && now.ended_at !== before.ended_at)) break;
  }
  print(sync);
}

async function syncSettings({ api, positionals: [id], option, print }: VerbContext): Promise<void> {
  const path = `/v1/provider-accounts/${id}/suppressions/sync`;
  const [every, push, follow] = [option('every'), option('push'), option('follow-removals')];
  if (every === undefined && push === undefined && follow === undefined) return print(await api.ask('GET', path));
  if (follow !== undefined && follow !== 'yes' && follow !== 'no') throw new AppError('CLI_USAGE', '--follow-removals is yes or no.');
  const body = {
    ...(every === undefined ? {} : { every_s: every === 'default' ? null : Number(every) }),
    ...(push === undefined ? {} : { push_holds: push }),
    ...(follow === undefined ? {} : { follow_removals: follow === 'yes' }),
  };
  print(await api.ask('PATCH', path, { body }));
}

/** Numbers and truth values are meant as such: no setting is a text that looks like one. */
function settingsOf({ options }: VerbContext): Record<string, unknown> {
  return Object.fromEntries(options('set').map((pair) => typed(split(pair))));
}

function typed([name, value]: [string, string]): [string, unknown] {
  if (value === '') return [name, null];
  if (/^\d{1,9}$/.test(value)) return [name, Number(value)];
  return [name, value === 'true' ? true : value === 'false' ? false : value];
}

async function secretOf({ option, options, io }: VerbContext): Promise<Record<string, string>> {
  const file = option('secret-file');
  const text = file === undefined ? '{}' : file === '-' ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, file), 'utf8');
  try {
    // The desk checks names and values; here it only has to be an object.
    return { ...(JSON.parse(text) as Record<string, string>), ...Object.fromEntries(options('secret').map(split)) };
  } catch (cause) {
    throw new AppError('CLI_USAGE', 'The file of secrets is not a JSON object.', { cause });
  }
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new AppError('CLI_USAGE', `"${pair}" is not NAME=VALUE.`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}
