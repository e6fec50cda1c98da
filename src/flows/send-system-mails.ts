// This file hands in mail that the desk wrote itself: what was queued in a transaction (store/system-mails.ts) becomes a message of the platform's own organisation.
// A crash between the two steps hands it in again under the same key, so it becomes one message.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { parseMailbox } from '../mail/address-list.ts';
import { composeMessage } from '../mail/compose.ts';
import type { Keys } from '../store/keys.ts';
import { forgetRewritingDays } from '../store/rewriting.ts';
import { forgetConfirmations } from '../store/sender-confirmations.ts';
import { type DueSystemMail, endSystemMail, forgetSystemMails, postponeSystemMail, takeSystemMails } from '../store/system-mails.ts';
import { domainOf } from '../tenancy/may-send.ts';
import type { Chore } from './housekeeping.ts';
import type { AcceptMessage } from './submission.ts';

export interface SendSystemMailsDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  readonly accept: AcceptMessage;
  /** The organisation that sends it. */
  readonly tenant: () => Promise<string>;
  /** Mailbox in From: an address, or `Name <address>`. */
  readonly from: string;
  readonly retentionDays: number;
}

const AT_ONCE = 20;
const LOOK_EVERY_MS = 2_000;
const FORGET_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A mail that could not be handed in for this long has lost its occasion. */
const LIFETIME_MS = 3 * DAY_MS;
const RETRY_MS = 5_000;
const RETRY_MAX_MS = 600_000;

export function systemMailChores(deps: SendSystemMailsDeps): Chore[] {
  return [
    { name: 'send-system-mails', everyMs: LOOK_EVERY_MS, run: () => sendDue(deps) },
    {
      name: 'forget-system-mails',
      everyMs: FORGET_EVERY_MS,
      async run() {
        const beforeMs = deps.clock.nowMs() - deps.retentionDays * DAY_MS;
        await forgetSystemMails(deps.pool, beforeMs);
        await forgetConfirmations(deps.pool, beforeMs);
        await forgetRewritingDays(deps.pool, beforeMs);
      },
    },
  ];
}

async function sendDue(deps: SendSystemMailsDeps): Promise<void> {
  for (const mail of await takeSystemMails(deps.pool, deps.keys, AT_ONCE)) {
    try {
      await endSystemMail(deps.pool, mail.id, { messageId: await handIn(deps, mail) });
    } catch (error) {
      await later(deps, mail, error);
    }
  }
}

async function handIn(deps: SendSystemMailsDeps, mail: DueSystemMail): Promise<string> {
  const [parsed, to] = [parseMailbox(deps.from), parseMailbox(mail.to)];
  if (!parsed.ok) throw parsed.error;
  if (!to.ok) throw to.error;
  const from = parsed.value;
  const raw = await composeMessage(
    {
      from,
      to: [to.value],
      cc: [],
      replyTo: [],
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: { 'Auto-Submitted': 'auto-generated' },
      attachments: [],
    },
    // The same bytes on every try.
    { messageId: `<${mail.id}@${domainOf(from.address)}>`, dateMs: mail.createdMs, boundary: mail.id.replaceAll('-', '') },
  );
  const accepted = await deps.accept({
    tenantId: await deps.tenant(),
    credentialId: null,
    stream: 'transactional',
    raw,
    // Nobody is told by mail when it fails; the message shows it.
    mailFrom: '',
    recipients: [mail.to],
    tags: [mail.kind],
    metadata: { system_mail: mail.id },
    sendAtMs: null,
    idempotency: { key: `system-mail-${mail.id}`, bodyHash: createHash('sha256').update(raw).digest() },
  });
  return accepted.id;
}

async function later(deps: SendSystemMailsDeps, mail: DueSystemMail, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const lasting = error instanceof AppError && !error.retryable;
  if (lasting || deps.clock.nowMs() - mail.createdMs > LIFETIME_MS) {
    deps.log.error({ event: 'system_mail_dropped', mail: mail.id, kind: mail.kind, reason });
    return endSystemMail(deps.pool, mail.id, { note: reason });
  }
  deps.log.warn({ event: 'system_mail_waits', mail: mail.id, kind: mail.kind, reason });
  const waitMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(mail.tries - 1, 10));
  await postponeSystemMail(deps.pool, mail.id, deps.clock.nowMs() + waitMs);
}
