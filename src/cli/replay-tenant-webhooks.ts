// This file is `packetboat replay tenant-webhooks`: it asks the desk's own API to deliver events to tenants' endpoints again.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';
import type { AskOptions } from './client.ts';
import { idOfNamed } from './named.ts';
import { reach } from './reach.ts';

export interface TenantWebhookFlags {
  readonly json: boolean;
  readonly all: boolean;
  readonly tenant?: string | undefined;
  readonly delivery?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly from?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  /** PEM file of an authority to trust, a whole path; null: none. */
  readonly ca: string | null;
  readonly dataDir: string;
}

/** The API answers within seconds; this only ends a wait for something that is not one. */
const ANSWER_MAX_MS = 30_000;
const PAGE = 200;

const Bootstrap = z.object({ http_url: z.string(), operator_key: z.string() });
const Problem = z.object({ code: z.string(), detail: z.string(), hint: z.string() });
const Replayed = z.object({ replayed: z.number(), rewound: z.boolean() });
const Endpoints = z.object({ data: z.array(z.object({ id: z.string(), dead_deliveries: z.number() })), next: z.string().nullable() });

type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** What goes to stdout. Throws AppError: of the command line, or as the API answered it. */
export async function replayTenantWebhooks(words: readonly string[], flags: TenantWebhookFlags): Promise<string> {
  const [endpoint, ...more] = words;
  if (more.length > 0) throw new AppError('CLI_USAGE', `"${more.join(' ')}" is too much for one command.`);
  if ((endpoint === undefined) !== flags.all) throw new AppError('CLI_USAGE', 'Name one endpoint by its id, or all of them with --all.');
  if (flags.tenant !== undefined && !flags.all)
    throw new AppError('CLI_USAGE', '--tenant goes with --all; an endpoint is found by its id.');
  if (flags.delivery && (flags.from !== undefined || flags.all))
    throw new AppError('CLI_USAGE', '--delivery goes with one endpoint and no --from.');
  const ask = openApi(flags);
  const ids = endpoint === undefined ? await endpointsOf(ask, flags) : [endpoint];
  const results: ({ endpoint_id: string } & z.infer<typeof Replayed>)[] = [];
  const body = { ...(flags.delivery ? { deliveries: flags.delivery } : {}), ...(flags.from === undefined ? {} : { from: flags.from }) };
  for (const id of ids) {
    const answer = Replayed.parse(await ask('POST', `/v1/webhook-endpoints/${encodeURIComponent(id)}/replay`, body));
    results.push({ endpoint_id: id, ...answer });
  }
  if (flags.json) return `${JSON.stringify({ data: results })}\n`;
  if (results.length === 0) return 'No endpoint has a dead letter.\n';
  return results.map(({ endpoint_id, replayed, rewound }) => `${endpoint_id}  ${sentence(replayed, rewound, flags)}\n`).join('');
}

function sentence(replayed: number, rewound: boolean, flags: TenantWebhookFlags): string {
  if (flags.from === undefined) return `${replayed} dead letters try again.`;
  return rewound
    ? `Every event since ${flags.from} is delivered again.`
    : `Nothing since ${flags.from} was delivered yet; nothing to repeat.`;
}

/** With a time, all endpoints; else those with dead letters. */
async function endpointsOf(ask: Ask, flags: TenantWebhookFlags): Promise<string[]> {
  const ids: string[] = [];
  const tenant = flags.tenant === undefined ? '' : `&tenant_id=${encodeURIComponent(await tenantIdOf(ask, flags.tenant))}`;
  for (let after = ''; ; ) {
    const page = Endpoints.parse(await ask('GET', `/v1/webhook-endpoints?limit=${PAGE}${tenant}${after}`));
    ids.push(...page.data.filter((each) => flags.from !== undefined || each.dead_deliveries > 0).map(({ id }) => id));
    if (page.next === null) return ids;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

/** An organisation is called by its name or its id, as everywhere. */
function tenantIdOf(ask: Ask, named: string): Promise<string> {
  const lookUp = (_method: string, path: string, { query = {} }: AskOptions = {}) => {
    const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    return ask('GET', `${path}?${new URLSearchParams(given)}`);
  };
  return idOfNamed({ ask: lookUp }, 'tenant', named);
}

function openApi(flags: TenantWebhookFlags): Ask {
  const known = flags.url !== undefined && flags.key !== undefined ? null : readBootstrap(flags.dataDir);
  const url = flags.url ?? known?.http_url;
  const key = flags.key ?? known?.operator_key;
  if (url === undefined || key === undefined) {
    throw new AppError('SERVER_UNREACHABLE', `There is no ${join(flags.dataDir, 'bootstrap.json')} that names the desk and a key.`);
  }
  return async (method, path, body) => {
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    };
    const response = await reach(new URL(path, url), init, flags.ca);
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return answer;
    const problem = Problem.safeParse(answer);
    if (!problem.success) throw new AppError('SERVER_UNREACHABLE', `Something else answers at ${url} (status ${response.status}).`);
    const { code, detail, hint } = problem.data;
    throw new AppError(isErrorCode(code) ? code : 'INTERNAL', detail, { hint });
  };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code);
}

function readBootstrap(dataDir: string): z.infer<typeof Bootstrap> | null {
  const path = join(dataDir, 'bootstrap.json');
  if (!existsSync(path)) return null;
  try {
    return Bootstrap.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new AppError('SERVER_UNREACHABLE', `${path} cannot be read.`, { cause });
  }
}
