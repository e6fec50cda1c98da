// This file makes a command out of verbs that ask the API: it reads the options all of them share, prints JSON or tables, and writes the usage.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { LANGUAGES, type Language } from '../language.ts';
import { type Api, findDesk, openApi, type Query } from './client.ts';
import type { Command, CommandIo } from './command.ts';
import { languageWanted } from './language.ts';
import { idOfNamed, type NamedKind, tenantNames } from './named.ts';
import { type Column, type Row, renderObject, renderTable } from './table.ts';

export interface VerbContext {
  readonly api: Api;
  readonly io: CommandIo;
  readonly json: boolean;
  /** Of sentences: --lang, else what the environment says. */
  readonly language: Language;
  /** Text options by name; the last one wins. */
  option(name: string): string | undefined;
  /** Every value of an option that may come several times. */
  options(name: string): readonly string[];
  flag(name: string): boolean;
  readonly positionals: readonly string[];
  /** The organisation of --tenant. Throws CLI_USAGE without one. */
  tenant(): string;
  /** Prints an answer: as it is with --json, else as an object or by `text`. */
  print(answer: unknown, text?: string): void;
  /** Asks for a list, page after page up to --limit rows, and prints it, with --total how many there are. --tenant goes along unless the path names the organisation. */
  list(path: string, list: { query?: Query; columns: readonly Column[]; nothing?: string; pathSaysWho?: boolean }): Promise<void>;
}

export interface Verb {
  /** What stands behind the verb in the usage: `ID [--name NAME]`. */
  readonly form: string;
  readonly about: string;
  /** Words it needs; more are refused. */
  readonly words: number | 'any';
  readonly options?: ParseArgsOptionsConfig;
  /** Its first word, or all of its words, call an organisation or an account by name or id; `run` gets the ids. */
  readonly named?: NamedKind | 'accounts';
  /** Answers false where the command was carried out and did not end well: exit status 1. */
  readonly run: (context: VerbContext) => Promise<unknown>;
}

export interface ApiCommand {
  readonly name: string;
  readonly summary: string;
  /** Said below the verbs. */
  readonly notes?: string;
  /** The verb when none is given. */
  readonly preset?: string;
  readonly verbs: Readonly<Record<string, Verb>>;
}

const COMMON = {
  json: { type: 'boolean', default: false },
  url: { type: 'string' },
  key: { type: 'string' },
  ca: { type: 'string' },
  tenant: { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig;
const TENANT_WANTED = 'Add --tenant with the name or id of an organisation; "packetboat tenants" lists them.';
const LIMIT_DEFAULT = 50;
/** Rows of one page of the API. */
const PAGE_MAX = 200;

/** Makes the command. Its `run` throws AppError for refusals, and CLI_USAGE for what it does not understand. */
export function apiCommand(command: ApiCommand): Command {
  const usage = usageOf(command);
  return {
    name: command.name,
    summary: command.summary,
    usage,
    async run(args, io) {
      const [first] = args;
      const named = first !== undefined && Object.hasOwn(command.verbs, first);
      const verbName = named ? first : (command.preset ?? '');
      const verb = command.verbs[verbName];
      if (!verb) throw first === undefined ? new AppError('CLI_USAGE', `Say what to do:\n\n${usage}`) : noSuchVerb(command, first);
      // A first word that is no verb belongs to the preset only where that takes words.
      if (!named && first !== undefined && verb.words === 0 && !first.startsWith('-')) throw noSuchVerb(command, first);
      const { values, positionals } = parseArgs({
        args: named ? args.slice(1) : args,
        options: { ...COMMON, ...verb.options },
        allowPositionals: true,
      });
      if (verb.words !== 'any' && positionals.length !== verb.words) {
        throw new AppError('CLI_USAGE', `The form is: packetboat ${command.name} ${named ? `${verbName} ` : ''}${verb.form}`);
      }
      const context = contextOf({ values, positionals }, io);
      await callById(context.api, { values, positionals, named: verb.named });
      return (await verb.run(context).catch(inWordsOfOptions)) === false ? 1 : 0;
    },
  };
}

/** The desk speaks of the field that an operator has to give; here it is an option. */
function inWordsOfOptions(error: unknown): never {
  const asked = error instanceof AppError && error.code === 'REQUEST_INVALID' && error.field === 'tenant_id';
  throw asked ? new AppError('REQUEST_INVALID', 'Say whose it is.', { hint: TENANT_WANTED, cause: error }) : error;
}

function noSuchVerb({ name, verbs }: ApiCommand, word: string): AppError {
  return new AppError('CLI_USAGE', `There is no "${name} ${word}"; there are ${Object.keys(verbs).join(', ')}.`);
}

/** Puts ids where a person wrote names of organisations and accounts. */
async function callById(api: Api, parsed: { values: Record<string, unknown>; positionals: string[]; named: Verb['named'] }): Promise<void> {
  const { values, positionals, named } = parsed;
  for (const option of ['tenant', 'account', 'mailbox'] as const) {
    const given = values[option];
    if (typeof given === 'string') values[option] = await idOfNamed(api, option, given);
    if (Array.isArray(given)) values[option] = await Promise.all(given.map((each) => idOfNamed(api, option, String(each))));
  }
  if (named === undefined) return;
  const words = named === 'accounts' ? positionals.length : 1;
  const kind = named === 'accounts' ? 'account' : named;
  for (const [index, word] of positionals.slice(0, words).entries()) positionals[index] = await idOfNamed(api, kind, word);
}

function contextOf(parsed: { values: Record<string, unknown>; positionals: string[] }, io: CommandIo): VerbContext {
  const { values, positionals } = parsed;
  const json = values['json'] === true;
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const language = languageWanted(text('lang'), io.env);
  const api = openApi(findDesk({ url: text('url'), key: text('key'), ca: text('ca') }, io), language);
  const print: VerbContext['print'] = (answer, words) => {
    if (json) io.stdout.write(`${JSON.stringify(answer)}\n`);
    else if (words !== undefined) io.stdout.write(words.endsWith('\n') ? words : `${words}\n`);
    else if (typeof answer === 'object' && answer !== null) io.stdout.write(renderObject(answer as Row));
    else if (answer !== null) io.stdout.write(`${answer}\n`);
  };
  return {
    api,
    io,
    json,
    language,
    option: text,
    options: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
    flag: (name) => values[name] === true,
    positionals,
    tenant() {
      const id = text('tenant');
      if (id === undefined) throw new AppError('CLI_USAGE', 'Say whose it is.', { hint: TENANT_WANTED });
      return id;
    },
    print,
    async list(path, { query = {}, columns, nothing, pathSaysWho = false }) {
      const whole = pathSaysWho ? query : { tenant_id: text('tenant'), ...query };
      const wanted = wantedRows(text('limit'));
      const { rows, next, counted } = await readPages(api, path, values['total'] === true ? { ...whole, total: 'true' } : whole, wanted);
      // Events have a next place even when nothing lies behind it yet.
      const more = next !== null && rows.length >= wanted;
      const said = `${more ? 'There are more; add --limit.\n' : ''}${totalSaid(counted)}`;
      const shown = json || !columns.some(({ show }) => show === TENANT) ? rows : named(rows, await tenantNames(api, rows));
      print({ data: rows, next, ...counted }, `${renderTable(shown, columns, nothing)}${said}`);
    },
  };
}

/** The column of organisations shows names, where they are known. */
const TENANT = 'tenant_id';

function named(rows: readonly Row[], names: ReadonlyMap<string, string>): readonly Row[] {
  return rows.map((row) => ({ ...row, [TENANT]: names.get(String(row[TENANT])) ?? row[TENANT] }));
}

/** Follows `next` until there are enough rows; pages may be empty on the way. */
async function readPages(
  api: Api,
  path: string,
  list: Query,
  wanted: number,
): Promise<{ rows: Row[]; next: string | null; counted: Counted }> {
  const rows: Row[] = [];
  let query = list;
  let counted: Counted = {};
  let after = query['after'];
  for (;;) {
    const limit = String(Math.min(PAGE_MAX, wanted - rows.length));
    // Lists of the API have this form.
    const page = (await api.ask('GET', path, { query: { ...query, after, limit } })) as { data: Row[]; next: string | null } & Counted;
    const { data, next, ...rest } = page;
    rows.push(...data);
    // Counted once: the pages behind the first are of the same list.
    if (rest.total !== undefined) counted = { total: rest.total, total_is_lower_bound: rest.total_is_lower_bound === true };
    if (next === null || next === after || rows.length >= wanted) return { rows, next, counted };
    after = next;
    query = { ...query, total: undefined };
  }
}

function wantedRows(limit: string | undefined): number {
  const wanted = limit === undefined ? LIMIT_DEFAULT : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1) throw new AppError('CLI_USAGE', '--limit is a number from 1 on.');
  return wanted;
}

/** How long a list is, where it was asked for. */
interface Counted {
  readonly total?: number;
  readonly total_is_lower_bound?: boolean;
}

function totalSaid({ total, total_is_lower_bound: more }: Counted): string {
  if (total === undefined) return '';
  return more === true ? `At least ${total} in all.\n` : `${total} in all.\n`;
}

/** The options of every list. */
export const LIST_OPTIONS = { limit: { type: 'string' }, after: { type: 'string' } } as const satisfies ParseArgsOptionsConfig;

/** Those of a list that can be counted. */
export const COUNTED_LIST_OPTIONS = { ...LIST_OPTIONS, total: { type: 'boolean' } } as const satisfies ParseArgsOptionsConfig;

function usageOf({ name, summary, verbs, notes, preset }: ApiCommand): string {
  const forms = Object.entries(verbs).map(([verb, { form, about }]) => {
    const shown = verb === preset ? `[${verb}]` : verb;
    return `  packetboat ${name} ${[shown, form].filter(Boolean).join(' ')}\n      ${about}`;
  });
  return `${summary}\n\n${forms.join('\n')}\n${notes ? `\n${notes}\n` : ''}
Everywhere: --json, --url ORIGIN --key KEY (or PB_URL and PB_KEY, or "packetboat login"), --ca FILE (or PB_CA) for an https desk whose authority
this machine does not know, --tenant NAME|ID to act for an organisation, --lang ${LANGUAGES.join('|')} for sentences (else LANG decides).\n`;
}
