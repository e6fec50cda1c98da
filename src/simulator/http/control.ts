// This file is the simulator's own small API for the CLI and for tests in other processes: status, outages, suppression lists, mailboxes. It answers this
// machine only, and only who knows the token of simulator.json.
import { timingSafeEqual } from 'node:crypto';
import type { ProviderKind } from '../../delivery/provider.ts';
import { AppError } from '../../errors.ts';
import { type JsonRecord, parseRecord, text } from '../json.ts';
import type { StoredMail } from '../mailboxes.ts';
import { OUTAGE_KINDS, type Outage, type OutageKind, type Outages } from '../outages.ts';
import { json, type SimAnswer, type SimRequest } from './exchange.ts';

export interface ControlDeps {
  readonly token: string;
  readonly outages: Outages;
  readonly mailbox: (address: string) => StoredMail[];
  readonly status: () => JsonRecord;
  /** Whether a provider's accounts list addresses by themselves from now on. */
  readonly learn: (provider: ProviderKind, learns: boolean) => void;
}

export const PROVIDERS = ['sparkpost', 'elastic-email', 'mandrill', 'smtp'] as const satisfies readonly ProviderKind[];

/** Answers a request below /simulator; every answer is JSON. */
export function control(request: SimRequest, remoteAddress: string, deps: ControlDeps): SimAnswer {
  try {
    allow(request, remoteAddress, deps.token);
    return json(200, route(request, deps));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return json(error.status, { code: error.code, message: error.message, hint: error.hint });
  }
}

function allow(request: SimRequest, remoteAddress: string, token: string): void {
  if (!/^(::ffff:)?127\.|^::1$/.test(remoteAddress))
    throw new AppError('AUTH_INVALID', 'The simulator is controlled from its own machine only.');
  const given = Buffer.from(/^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AppError('AUTH_INVALID', 'The control token is wrong.', { hint: 'The token stands in simulator.json in the data folder.' });
  }
}

function route(request: SimRequest, deps: ControlDeps): JsonRecord {
  switch (`${request.method} ${request.path}`) {
    case 'GET /status':
      return deps.status();
    case 'GET /outages':
      return { data: deps.outages.all().map(outageShown) };
    case 'POST /outages':
      return outageShown(beginOutage(parseRecord(request.body) ?? {}, deps.outages));
    case 'DELETE /outages': {
      const provider = request.query.get('provider');
      const named = provider === null ? PROVIDERS : [providerNamed(provider)];
      return { ended: named.filter((one) => deps.outages.end(one)) };
    }
    case 'POST /lists': {
      const body = parseRecord(request.body) ?? {};
      const provider = providerNamed(text(body['provider']));
      if (typeof body['learns'] !== 'boolean')
        throw new AppError('REQUEST_INVALID', 'learns is missing: true or false.', { field: 'learns' });
      deps.learn(provider, body['learns']);
      return { provider, learns: body['learns'] };
    }
    case 'GET /mailbox':
      return { data: deps.mailbox(request.query.get('address') ?? '').map((mail) => mailShown(mail, request.query.get('raw') === '1')) };
    default:
      throw new AppError('NOT_FOUND', `The simulator has no ${request.method} /simulator${request.path}.`, {
        hint: 'docs/SIMULATOR.md lists what it answers.',
      });
  }
}

function beginOutage(body: JsonRecord, outages: Outages): Outage {
  const kind = text(body['kind']) || 'down';
  if (!isOutageKind(kind)) {
    throw new AppError('REQUEST_INVALID', `"${kind}" is no kind of outage; choose ${Object.keys(OUTAGE_KINDS).join(', ')}.`, {
      field: 'kind',
    });
  }
  const { for_ms: forMs, delay_ms: delayMs, at } = body;
  if (typeof forMs !== 'number')
    throw new AppError('REQUEST_INVALID', 'for_ms is missing: how long the outage lasts.', { field: 'for_ms' });
  return outages.begin(providerNamed(text(body['provider'])), {
    forMs,
    kind,
    ...(typeof delayMs === 'number' ? { delayMs } : {}),
    ...(typeof at === 'string' ? { at: at.toLowerCase() } : {}),
  });
}

/** Throws AppError REQUEST_INVALID for a name that is not simulated. */
export function providerNamed(name: string): ProviderKind {
  const found = PROVIDERS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new AppError('REQUEST_INVALID', `"${name}" is not simulated; choose ${PROVIDERS.join(', ')}.`, { field: 'provider' });
}

export function isOutageKind(kind: string): kind is OutageKind {
  return Object.hasOwn(OUTAGE_KINDS, kind);
}

export function outageShown(outage: Outage): JsonRecord {
  const { id, provider, kind, delayMs, at } = outage;
  const late = kind === 'slow' ? { delay_ms: delayMs } : {};
  return {
    id,
    provider,
    kind,
    ...late,
    ...(at === null ? {} : { at }),
    since: new Date(outage.sinceMs).toISOString(),
    until: new Date(outage.untilMs).toISOString(),
  };
}

function mailShown(mail: StoredMail, whole: boolean): JsonRecord {
  return {
    address: mail.address,
    folder: mail.folder,
    arrived_at: new Date(mail.atMs).toISOString(),
    provider: mail.provider,
    mail_from: mail.mailFrom,
    subject: mail.subject,
    size: mail.raw.length,
    ...(whole ? { raw: mail.raw.toString('base64') } : {}),
  };
}
