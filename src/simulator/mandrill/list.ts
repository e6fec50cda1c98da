// This file plays Mandrill's denylist: rejects/list gives 1,000 entries and no more, entries after bounces expire, subaccounts have their own;
// and what Mandrill lists by itself after bounces, complaints and unsubscriptions.
import type { Account } from '../accounts.ts';
import type { DialectContext } from '../http/exchange.ts';
import type { Journey, Step } from '../journey.ts';
import { type JsonRecord, text } from '../json.ts';
import { entriesOf, type ListEntry, type listed, type NewEntry, suppress, unlist } from '../lists.ts';
import { REPLIES, replyText } from '../replies.ts';
import { Refusal } from './errors.ts';
import { sqlTime } from './events.ts';

const LIST_MAX = 1_000;
const DAY_MS = 86_400_000;
/** Its help names no numbers but that hard lasts longer than soft. */
const HARD_DAYS = 90;
const SOFT_DAYS = 1;

type Call = (account: Account, body: JsonRecord, context: DialectContext) => unknown;

export const REJECT_CALLS: Readonly<Record<string, Call>> = {
  'rejects/add': (account, body, context) => {
    const { email, subaccount } = named(account, body);
    if (!email.includes('@')) throw new Refusal('ValidationError', 'You must specify an email value');
    suppress(account, email, { reason: 'custom', atMs: context.world.clock.nowMs(), detail: text(body['comment']) }, subaccount);
    context.listChanged(account, email, subaccount);
    return { email, added: true };
  },
  'rejects/list': (account, body, context) => {
    const { email, subaccount } = named(account, body);
    const nowMs = context.world.clock.nowMs();
    const rows: JsonRecord[] = [];
    for (const [address, entry] of entriesOf(account, subaccount)) {
      const expired = entry.expiresMs !== null && entry.expiresMs <= nowMs;
      if ((email !== '' && address !== email) || (expired && body['include_expired'] !== true)) continue;
      if (rows.push(shown(address, entry, { expired, subaccount })) >= LIST_MAX) break;
    }
    return rows;
  },
  'rejects/delete': (account, body, context) => {
    const { email, subaccount } = named(account, body);
    if (!unlist(account, email, { subaccount })) throw new Refusal('Unknown_Reject', `'${email}' is not on the denylist`);
    context.listChanged(account, email, subaccount);
    return { email, deleted: true, subaccount: subaccount || null };
  },
};

function named(account: Account, body: JsonRecord): { email: string; subaccount: string } {
  const subaccount = text(body['subaccount']);
  if (subaccount !== '' && !account.subaccounts.has(subaccount)) {
    throw new Refusal('Unknown_Subaccount', `No subaccount exists with the id '${subaccount}'`);
  }
  return { email: text(body['email']).toLowerCase(), subaccount };
}

function shown(email: string, entry: ListEntry, of: { expired: boolean; subaccount: string }): JsonRecord {
  return {
    email,
    reason: entry.reason,
    detail: entry.detail,
    created_at: sqlTime(entry.atMs),
    last_event_at: sqlTime(entry.atMs),
    expires_at: entry.expiresMs === null ? null : sqlTime(entry.expiresMs),
    expired: of.expired,
    sender: null,
    subaccount: of.subaccount || null,
  };
}

/** What `reject_reason` says of mail that this entry stops. */
export function rejectReason(entry: NonNullable<ReturnType<typeof listed>>): string {
  return ['hard-bounce', 'soft-bounce', 'spam', 'unsub', 'custom'].includes(entry.reason) ? entry.reason : 'custom';
}

/** What Mandrill lists by itself when this happens, for accounts that do. */
export function mandrillListing(journey: Journey, step: Step): { entry: NewEntry; subaccount: string } | null {
  const { atMs } = step;
  const subaccount = text(journey.facts['subaccount']);
  switch (step.happening) {
    case 'bounced':
    case 'late-bounced': {
      if (step.reply === null) return null;
      const hard = REPLIES[step.reply].mandrillEvent === 'hard_bounce';
      const expiresMs = atMs + (hard ? HARD_DAYS : SOFT_DAYS) * DAY_MS;
      const detail = `smtp;${replyText(step.reply, journey.recipient)}`;
      return { entry: { reason: hard ? 'hard-bounce' : 'soft-bounce', atMs, detail, expiresMs }, subaccount };
    }
    case 'complained':
      return { entry: { reason: 'spam', atMs }, subaccount };
    case 'unsubscribed':
      return { entry: { reason: 'unsub', atMs }, subaccount };
    default:
      return null;
  }
}
