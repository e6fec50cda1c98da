// This file gives the commands that judge answers without a desk the platform's own rules: from a file, or from a desk that is asked for them. Without
// either they work offline, by the rules of the house alone, and say so.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { compileOwnRules, NO_OWN_RULES, type OwnRules } from '../feedback/own-rules.ts';
import { type DeskGiven, findDesk, openApi } from './client.ts';
import type { CommandIo } from './command.ts';

/** Options of such a command, as parseArgs wants them. */
export const RULES_OPTIONS = {
  rules: { type: 'string' },
  desk: { type: 'boolean', default: false },
  url: { type: 'string' },
  key: { type: 'string' },
  ca: { type: 'string' },
} as const;

/** What stands in the usage of such a command. */
export const RULES_FORM = '[--rules FILE | --desk [--url ORIGIN --key KEY [--ca FILE]]]';
export const RULES_USAGE = `--rules FILE asks the platform's own rules in FILE first (the form of "packetboat rules"); --desk asks those of the desk. Without them nothing but
this program is asked.`;

export interface RulesAsked {
  readonly own: OwnRules;
  /** A file or an origin; null: offline. */
  readonly from: string | null;
}

/** Reads the rules that the options name. Throws CLI_USAGE, FEEDBACK_RULE_INVALID, or the refusal of the desk. */
export async function rulesAsked(options: DeskGiven & { rules?: string | undefined; desk: boolean }, io: CommandIo): Promise<RulesAsked> {
  const { rules: file, url, key, ca } = options;
  const desk = options.desk || url !== undefined || key !== undefined;
  if (file !== undefined && desk) throw new AppError('CLI_USAGE', 'Give --rules or --desk, not both.');
  if (file === '-') throw new AppError('CLI_USAGE', '--rules names a file; stdin is read for the answers.');
  if (file !== undefined) return { own: await compiled(await readRulesFile(file, io)), from: file };
  if (!desk) return { own: NO_OWN_RULES, from: null };
  const api = openApi(findDesk({ url, key, ca }, io));
  // The desk's own answer has this form.
  const { rules } = (await api.ask('GET', '/v1/feedback/rules')) as { rules: unknown };
  return { own: await compiled(rules), from: api.access.url };
}

/** The rules of a file ("-": stdin): the list itself, or under "rules". What is wrong inside is said by whoever takes them. */
export async function readRulesFile(file: string, io: Pick<CommandIo, 'cwd' | 'stdin'>): Promise<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(file === '-' ? (await readAll(io.stdin)).toString('utf8') : await readFile(resolve(io.cwd, file), 'utf8'));
  } catch (error) {
    const message = `${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`;
    throw new AppError('CLI_USAGE', message, { hint: 'Check the path, its permissions, and the commas.', cause: error });
  }
  return typeof value === 'object' && value !== null && 'rules' in value ? value.rules : value;
}

async function compiled(value: unknown): Promise<OwnRules> {
  // Loaded only here: most runs are offline and do without the schemas.
  const { OwnRulesShape } = await import('../http/own-rules-shape.ts');
  const read = OwnRulesShape.safeParse(value);
  if (read.success) return compileOwnRules(read.data);
  const [issue] = read.error.issues;
  const field = `rules${(issue?.path ?? []).map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')}`;
  throw new AppError('FEEDBACK_RULE_INVALID', `${field}: ${issue?.message ?? 'this is not a list of rules'}`, { field });
}
