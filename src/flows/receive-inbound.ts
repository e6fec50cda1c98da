// This file is an answer by mail from the inbound door to the record: the signed return path says which recipient it is about, the mail is
// stored raw before the door answers, and read later: delivery status (RFC 3464), complaint (RFC 5965), automatic answer, or mail for people.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import { AppError } from '../errors.ts';
import { type FeedbackMail, readFeedbackMail } from '../feedback/from-mail.ts';
import type { EventType, FeedbackEvent } from '../feedback/vocabulary.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { finishAnswers, postponeAnswer, type TakenInbound, takeInbound } from '../store/answer-queues.ts';
import type { Batcher } from '../store/batcher.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import type { RawInbound } from '../store/webhook-intake.ts';
import { type Heard, INBOUND_ACCOUNT, type makeRecordFeedback } from './record-feedback.ts';

export interface ReturnPathToken {
  readonly tenantNumber: number;
  readonly recipientId: string;
}

export interface ReceiveInboundDeps {
  readonly pool: pg.Pool;
  readonly hot: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly store: Batcher<RawInbound, undefined>;
  readonly record: ReturnType<typeof makeRecordFeedback>;
  readonly stored: () => void;
}

/** The form in which the inbound door asks and stores. */
export interface InboundIntake {
  recognise(address: string): { readonly ok: true; readonly token: ReturnPathToken } | { readonly ok: false };
  /** Resolves when the mail is stored for every one of its recipients. */
  store(mail: {
    readonly mailFrom: string;
    readonly recipients: readonly { readonly address: string; readonly token: ReturnPathToken }[];
    readonly data: Buffer;
  }): Promise<void>;
}

const MAILS_AT_ONCE = 50;
const TRIES_MAX = 5;

export function makeInboundIntake(deps: ReceiveInboundDeps): InboundIntake {
  return {
    recognise(address) {
      const token = readReturnPath(address, deps.returnPath);
      return token ? { ok: true, token } : { ok: false };
    },
    async store(mail) {
      for (const { address, token } of mail.recipients) {
        const tenantId = await readTenantByNumber(deps.pool, token.tenantNumber);
        // The MAC was right, so it was ours once; its tenant is gone.
        if (tenantId === null) throw new AppError('RETURN_PATH_UNKNOWN', 'This return path is no longer in use.');
        await deps.store.submit({
          id: deps.ids.next(),
          tenantId,
          recipientId: token.recipientId,
          mailFrom: mail.mailFrom,
          rcptTo: address,
          raw: mail.data,
        });
      }
      deps.stored();
    },
  };
}

/** The reader: takes stored mails until none is due. Returns how many it finished. */
export function makeInboundReader(deps: ReceiveInboundDeps): () => Promise<number> {
  async function read(taken: readonly TakenInbound[]): Promise<void> {
    const heard = taken.map((mail) => heardIn(mail));
    await deps.record(heard.flat(), async (client) => {
      await finishAnswers(
        client,
        'inbound_queue',
        taken.map((mail) => mail.id),
      );
    });
  }

  async function readAlone(mail: TakenInbound): Promise<void> {
    try {
      await read([mail]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      deps.log.error({ event: 'inbound_unreadable', mail: mail.id, tries: mail.tries, reason });
      const dueAtMs = mail.tries >= TRIES_MAX ? null : deps.clock.nowMs() + 10_000 * 2 ** mail.tries;
      await postponeAnswer(deps.hot, 'inbound_queue', mail.id, { dueAtMs, error: reason });
    }
  }

  return async () => {
    let finished = 0;
    for (;;) {
      const taken = await takeInbound(deps.hot, MAILS_AT_ONCE);
      if (taken.length === 0) return finished;
      try {
        await read(taken);
      } catch (error) {
        deps.log.warn({
          event: 'inbound_batch_split',
          mails: taken.length,
          reason: error instanceof Error ? error.message : String(error),
        });
        for (const mail of taken) await readAlone(mail);
      }
      finished += taken.length;
    }
  };
}

/** What one mail says about the recipient its return path names. The address in the report may be another one (forwarding); ours counts. */
function heardIn(mail: TakenInbound): Heard[] {
  if (mail.recipientId === null) return [];
  const read = readFeedbackMail(mail.raw);
  const event = eventOf(read, mail);
  return [{ event, accountId: INBOUND_ACCOUNT, source: 'return-path', proven: true, recipientId: mail.recipientId }];
}

const TYPES: Readonly<Record<FeedbackMail['kind'], EventType>> = {
  bounce: 'bounced',
  delayed: 'deferred',
  delivered: 'delivered',
  complaint: 'complained',
  'auto-reply': 'autoresponded',
  other: 'inbound',
};

function eventOf(read: FeedbackMail, mail: TakenInbound): FeedbackEvent {
  // One return path, one recipient: of several verdicts the failed one is about ours, unless the report names our address.
  const verdict = read.recipients.find((each) => each.action === 'failed') ?? read.recipients[0] ?? null;
  // The same mail delivered twice says nothing new.
  const digest = createHash('sha256').update(mail.raw).digest('base64url');
  return {
    type: typeOf(read),
    recipient: verdict?.address ?? null,
    atMs: null,
    providerEventId: digest,
    providerMessageId: null,
    recipientId: mail.recipientId,
    class: read.kind === 'complaint' ? 'complaint' : (verdict?.class ?? null),
    fault: verdict?.fault ?? null,
    hard: verdict?.hard ?? false,
    suppress: verdict?.suppress ?? false,
    diagnostic: verdict?.diagnostic ?? null,
    providerLabel: verdict?.status ? `status ${verdict.status}` : null,
    rule: verdict?.rule ?? null,
    detail: { mail: mail.id },
  };
}

/** A complaint of type auth-failure or not-spam is no complaint about the mail (RFC 6591, RFC 5965 §3.3). */
function typeOf(read: FeedbackMail): EventType {
  if (read.kind !== 'complaint') return TYPES[read.kind];
  if (read.complaint?.type === 'opt-out') return 'unsubscribed';
  return read.complaint?.type === 'auth-failure' || read.complaint?.type === 'not-spam' ? 'unknown' : 'complained';
}
