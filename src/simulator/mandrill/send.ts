// This file plays Mandrill's messages/send and messages/send-raw: one result per recipient, rejection by its own list and for unsigned
// domains, the async rule for more than ten recipients, and the trap of accepting mail for an account in trouble.
import { type Account, charge, domainVerified } from '../accounts.ts';
import { brokenLine, type DialectContext, json, type SimAnswer } from '../http/exchange.ts';
import type { JsonRecord } from '../json.ts';
import { stops } from '../lists.ts';
import { domainOf, isAddress } from '../mime.ts';
import { Refusal } from './errors.ts';
import { rejectReason } from './list.ts';
import type { Message, Rcpt } from './message.ts';

/** More recipients make a call asynchronous: everything is "queued". */
const SYNC_MAX = 10;
/** No documented limit; 1,000 is what everybody keeps to. */
const RECIPIENTS_MAX = 1_000;
const HOUR_MS = 3_600_000;

interface Verdict {
  readonly rcpt: Rcpt;
  readonly messageId: string;
  readonly status: 'sent' | 'rejected' | 'invalid';
  readonly reason: string | null;
}

/** Takes one message. Throws Refusal for everything Mandrill answers with an error. */
export function send(account: Account, message: Message, context: DialectContext): SimAnswer {
  const { world } = context;
  if (message.rcpts.length === 0) throw new Refusal('ValidationError', 'You must specify at least one recipient');
  if (message.rcpts.length > RECIPIENTS_MAX) throw new Refusal('ValidationError', `More than ${RECIPIENTS_MAX} recipients`);
  if (message.bytes > account.sizeMaxBytes) throw new Refusal('ValidationError', `The message exceeds ${account.sizeMaxBytes} bytes`);
  if (message.subaccount !== '' && !account.subaccounts.has(message.subaccount)) {
    throw new Refusal('Unknown_Subaccount', `No subaccount exists with the id '${message.subaccount}'`);
  }
  const doors = message.rcpts.map((rcpt) => world.door(rcpt.address, `mandrill:${rcpt.address}`));
  if (doors.some((one) => one?.door === 'defer-at-data'))
    throw new Refusal('ServiceUnavailable', 'The service is unavailable, try again later');
  if (doors.some((one) => one?.door === 'drop-refused')) return { kind: 'drop' };
  if (!world.room(message.rcpts.length, message.bytes)) throw new Refusal('ServiceUnavailable', 'Too much is on its way, try again later');
  const refusedWhole = doors.some((one) => one?.door === 'refuse-at-data');
  const verdicts = message.rcpts.map((rcpt, index) => {
    const atDoor = refusedWhole ? 'refuse-at-data' : doors[index]?.door;
    return judge(account, rcpt, { message, atDoor, messageId: world.mint.next().replaceAll('-', ''), nowMs: world.clock.nowMs() });
  });
  const held = holdBack(account, verdicts.length, context);
  accept(account, message, { verdicts, startMs: held?.untilMs ?? message.sendAtMs, context });
  const crowd = verdicts.length > SYNC_MAX;
  const by = { queued: message.async || crowd, crowd, held: held?.reason ?? null, scheduled: message.sendAtMs !== null };
  const answer = json(
    200,
    verdicts.map((verdict) => result(verdict, by)),
  );
  return brokenLine(doors.find((one) => brokenLine(one) !== null) ?? null) ?? answer;
}

function judge(
  account: Account,
  rcpt: Rcpt,
  by: { message: Message; atDoor: string | undefined; messageId: string; nowMs: number },
): Verdict {
  const { messageId, atDoor, message, nowMs } = by;
  if (!isAddress(rcpt.address) || atDoor === 'refuse-at-rcpt') return { rcpt, messageId, status: 'invalid', reason: 'invalid' };
  if (!isAddress(message.from)) return { rcpt, messageId, status: 'rejected', reason: 'invalid-sender' };
  if (!domainVerified(account, domainOf(message.from))) return { rcpt, messageId, status: 'rejected', reason: 'unsigned' };
  if (atDoor === 'refuse-at-data') return { rcpt, messageId, status: 'rejected', reason: 'rule' };
  const entry = stops(account, rcpt.address, { nowMs, subaccount: message.subaccount });
  if (entry !== null) return { rcpt, messageId, status: 'rejected', reason: rejectReason(entry) };
  if (/^suppressed(\+[^@]*)?@/i.test(rcpt.address)) return { rcpt, messageId, status: 'rejected', reason: 'hard-bounce' };
  return { rcpt, messageId, status: 'sent', reason: null };
}

/** An account in trouble: the mail is accepted all the same and waits. */
function holdBack(account: Account, recipients: number, context: DialectContext): { reason: string; untilMs: number } | null {
  const outage = context.outage();
  if (outage?.kind === 'suspended') return { reason: 'account-suspended', untilMs: outage.untilMs };
  if (outage?.kind === 'quota') return { reason: 'hourly-quota-exhausted', untilMs: outage.untilMs };
  const nowMs = context.world.clock.nowMs();
  const over = charge(account, recipients, nowMs);
  if (over === null) return null;
  const reason = over === 'hourly' ? 'hourly-quota-exhausted' : 'monthly-limit-reached';
  return { reason, untilMs: (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS };
}

function result(verdict: Verdict, by: { queued: boolean; crowd: boolean; held: string | null; scheduled: boolean }): JsonRecord {
  const { rcpt, messageId, status, reason } = verdict;
  const base = { email: rcpt.address, status, _id: messageId, reject_reason: null, queued_reason: null };
  if (by.queued && status !== 'invalid')
    return { ...base, status: 'queued', queued_reason: by.held ?? (by.crowd ? 'multiple-recipients' : null) };
  // An address that is none never became a message.
  if (status === 'invalid') return { email: rcpt.address, status, reject_reason: null };
  if (status === 'rejected') return { ...base, reject_reason: reason };
  if (by.held !== null) return { ...base, status: 'queued', queued_reason: by.held };
  return by.scheduled ? { ...base, status: 'scheduled' } : base;
}

function accept(
  account: Account,
  message: Message,
  of: { verdicts: readonly Verdict[]; startMs: number | null; context: DialectContext },
): void {
  const { world } = of.context;
  const taken = of.verdicts.filter(({ status }) => status !== 'invalid');
  world.accept({
    account,
    from: message.from,
    subject: message.subject,
    sizeBytes: message.bytes,
    transactionId: taken[0]?.messageId ?? '',
    ...(of.startMs === null ? {} : { startMs: of.startMs }),
    recipients: taken.map(({ rcpt, messageId, reason }) => ({
      address: rcpt.address,
      mailFrom: `bounce-md_1.${messageId}@${message.returnPathDomain || 'mandrill.sim.test'}`,
      messageId,
      facts: {
        metadata: { ...message.metadata, ...rcpt.metadata },
        tags: message.tags,
        subaccount: message.subaccount,
        track_opens: message.trackOpens,
        track_clicks: message.trackClicks,
        link: message.link,
        ...(reason === null ? {} : { reject: reason }),
      },
      render: () => message.render(rcpt, messageId),
      ...(reason === null ? {} : { stopped: 'suppressed' as const }),
    })),
  });
}
