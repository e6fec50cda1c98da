// This file hands notices of failure over to the envelope sender that the application gave: from the null sender, by SMTP, and only where neither backscatter nor a
// circle can come of it. Why a notice was dropped stands beside it.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import type { AdapterDeps, Outcome, ProviderAccount, ProviderAdapter, ProviderClient } from '../delivery/provider.ts';
import { looksLikeReturnPath } from '../delivery/return-path.ts';
import { noticeWords } from '../feedback/notice-words.ts';
import { idTimeMs } from '../ids.ts';
import type { Log } from '../log.ts';
import { parseAddress } from '../mail/address.ts';
import { headerText } from '../mail/headers.ts';
import { inspectMessage } from '../mail/inspect.ts';
import { statusNotice } from '../mail/status-notice.ts';
import {
  type DueNotice,
  forgetNotices,
  keepNotice,
  noticesTo,
  readNoticeSettings,
  settleNotice,
  takeNotices,
  whyUnwanted,
} from '../store/bounce-notices.ts';
import { readSource } from '../store/message-detail.ts';
import { domainOf } from '../tenancy/may-send.ts';
import type { Chore } from './housekeeping.ts';
import type { Lines } from './lines.ts';
import { requiresSmtpUtf8 } from './recipient-list.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

export interface SendNoticesDeps extends AdapterDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: () => Pick<RoutingTable, 'decide' | 'route' | 'isOpen' | 'accountById'>;
  readonly lines: () => Pick<Lines, 'of'>;
  /** Our name in SMTP. */
  readonly hostname: string;
  readonly returnPathHost: string;
  readonly retentionDays: number;
}

const AT_ONCE = 50;
/** Notices of one organisation in a minute: a mailing to a dead list may bounce by the thousand. */
const PER_TENANT_MINUTE = 300;
/** Notices to one address in an hour: applications with an address per recipient get one each, a person's mailbox is not flooded. */
const PER_ADDRESS_HOUR = 100;
/** An application's mail server that is away for longer than this hears it from the API. */
const LIFETIME_MS = 3 * 24 * 3_600_000;
const RETRY_MS = 60_000;
const RETRY_MAX_MS = 4 * 3_600_000;
const LOOK_EVERY_MS = 2_000;
const FORGET_EVERY_MS = 3_600_000;
const REPLY_CHARS_MAX = 500;
/** Marks of mail that answers other mail. */
const AUTOMATIC_TYPE = /^\s*multipart\/report\b|^\s*message\/(?:delivery-status|disposition-notification)\b/i;

interface WayOut {
  readonly client: ProviderClient;
  /** Set for clients opened for this run alone. */
  readonly close?: () => Promise<void>;
}

export function sendNoticesChores(deps: SendNoticesDeps): Chore[] {
  return [
    { name: 'send-notices', everyMs: LOOK_EVERY_MS, run: () => sendDue(deps) },
    { name: 'forget-notices', everyMs: FORGET_EVERY_MS, run: () => forgetNotices(deps.pool, deps.retentionDays) },
  ];
}

async function sendDue(deps: SendNoticesDeps): Promise<void> {
  const due = await takeNotices(deps.pool, { rows: AT_ONCE, perTenantMinute: PER_TENANT_MINUTE });
  if (due.length === 0) return;
  const ways = new Map<string, WayOut | string>();
  try {
    for (const notice of due) await sendOne(deps, notice, ways);
  } finally {
    for (const way of ways.values()) if (typeof way !== 'string') await way.close?.();
  }
}

async function sendOne(deps: SendNoticesDeps, notice: DueNotice, ways: Map<string, WayOut | string>): Promise<void> {
  const drop = (reply: string) => settleNotice(deps.pool, notice.id, { state: 'dropped', reply, dueAtMs: null });
  const settings = await readNoticeSettings(deps.pool, notice.tenantId);
  // What was written down while the settings changed is not among those that the change ended.
  const wrong = whyUnwanted(notice, settings) ?? (await whyNot(deps, notice));
  if (wrong !== null) return drop(wrong);
  const original = await readSource(deps.pool, notice.tenantId, notice.messageId);
  if (original === null) return drop('The message is no longer stored.');
  if (isAutomatic(original)) return drop('The message is automatic itself; such mail gets no answer.');
  const words = noticeWords(notice.class);
  if (words === null) return drop('There is nothing to tell.');
  const key = notice.tenantId;
  const way = ways.get(key) ?? (await wayOut(deps, notice, settings.account_id));
  ways.set(key, way);
  if (typeof way === 'string') return later(deps, notice, way);
  // Those before it may have taken so long that another node has it by now.
  if (!(await keepNotice(deps.pool, notice))) return;
  const result = await way.client.send({
    messageId: notice.id,
    tenantId: notice.tenantId,
    stream: 'transactional',
    mime: statusNotice({
      id: notice.id,
      reporter: deps.hostname,
      to: notice.to,
      recipient: notice.address,
      recipientId: notice.recipientId,
      class: notice.class ?? 'unclassified',
      code: words.code,
      status: words.status,
      words: words.words,
      arrivedMs: idTimeMs(notice.messageId),
      failedMs: notice.atMs,
      original,
    }),
    recipients: [{ id: notice.id, address: notice.to, returnPath: '' }],
    smtpUtf8: requiresSmtpUtf8(notice.to),
    eightBit: true,
    idempotencyKey: `notice-${notice.id}`,
    pool: null,
    tags: [],
  });
  await settle(deps, notice, result.outcomes[0] ?? { kind: 'unknown', reply: 'The adapter gave no outcome.' });
}

/** Why this notice may not leave at all, or null. */
async function whyNot(deps: SendNoticesDeps, notice: DueNotice): Promise<string | null> {
  const parsed = parseAddress(notice.to);
  if (!parsed.ok) return 'The envelope sender is no address.';
  if (domainOf(notice.to) === deps.returnPathHost.toLowerCase() || looksLikeReturnPath(notice.to))
    return 'The envelope sender is a return path of ours.';
  if (notice.to.toLowerCase() === notice.address.toLowerCase()) return 'The envelope sender is the recipient itself.';
  const may = await deps.rights.check(notice.tenantId, notice.to);
  // A single verified address proves no domain, and mail to somebody else's domain would be backscatter.
  if (!may.allowed || may.domainId === null) return `${domainOf(notice.to)} is not a verified domain of this organisation.`;
  if ((await noticesTo(deps.pool, notice.tenantId, notice.to)) >= PER_ADDRESS_HOUR) {
    return `More than ${PER_ADDRESS_HOUR} notices went to this address within an hour.`;
  }
  return null;
}

function isAutomatic(original: Buffer): boolean {
  const facts = inspectMessage(original);
  if (!facts.ok) return true;
  return facts.value.autoSubmitted || AUTOMATIC_TYPE.test(headerText(facts.value.headers, 'content-type') ?? '');
}

/** The line a tenant's notices take, or why there is none now. */
async function wayOut(deps: SendNoticesDeps, notice: DueNotice, accountId: string | null): Promise<WayOut | string> {
  const routing = deps.routing();
  if (accountId !== null) {
    const found = routing.accountById(accountId);
    return found ? openWay(deps, found) : 'The account that carries notices is paused or gone.';
  }
  const { judgements } = routing.decide({
    tenantId: notice.tenantId,
    stream: 'transactional',
    fromDomain: domainOf(notice.to),
    domainAuthenticated: true,
    freeMailbox: false,
    sizeBytes: 0,
    refusedBy: [],
    mime: null,
  });
  for (const { routeId, stoppedAt } of judgements) {
    const route = stoppedAt === 'may' ? null : routing.route(routeId);
    // Only SMTP carries the null sender.
    if (route?.adapter.kind !== 'smtp' || !routing.isOpen(routeId)) continue;
    const line = deps.lines().of(routeId);
    if (line) return { client: line.client };
  }
  return 'No SMTP account of the organisation takes mail now; an operator can name one for notices.';
}

function openWay(deps: SendNoticesDeps, { account, adapter }: { account: ProviderAccount; adapter: ProviderAdapter }): WayOut {
  const client = adapter.connect(account, deps);
  return { client, close: () => client.close() };
}

async function settle(deps: SendNoticesDeps, notice: DueNotice, outcome: Outcome): Promise<void> {
  const reply = outcome.reply.slice(0, REPLY_CHARS_MAX);
  if (outcome.kind === 'handed_over') return settleNotice(deps.pool, notice.id, { state: 'handed_over', reply, dueAtMs: null });
  // It comes from the null sender: a refusal is the end of it, nobody is told.
  if (outcome.kind === 'refused') return settleNotice(deps.pool, notice.id, { state: 'dead', reply, dueAtMs: null });
  await later(deps, notice, reply);
}

async function later(deps: SendNoticesDeps, notice: DueNotice, reply: string): Promise<void> {
  const nowMs = deps.clock.nowMs();
  if (nowMs - idTimeMs(notice.id) > LIFETIME_MS) return settleNotice(deps.pool, notice.id, { state: 'dead', reply, dueAtMs: null });
  const waitMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(notice.tries - 1, 10));
  await settleNotice(deps.pool, notice.id, { state: 'due', reply, dueAtMs: nowMs + waitMs });
}
