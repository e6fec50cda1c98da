// This file is the one door behind both doors: it inspects a submission, asks whether the sender may, chooses the route, and commits message,
// recipients and ledger in one statement. Whoever gets its answer may forget the message; we may not.
import { createHash } from 'node:crypto';
import { heldReason } from '../delivery/held-because.ts';
import { AppError } from '../errors.ts';
import { idTimeMs } from '../ids.ts';
import { authorSignature } from '../mail/author-signature.ts';
import { inspectMessage, type MessageFacts } from '../mail/inspect.ts';
import type { Batcher } from '../store/batcher.ts';
import type { IntakeAnswer, IntakeMessage, IntakeRecipient } from '../store/intake.ts';
import type { StoredMessage } from '../store/messages-for-delivery.ts';
import { costOf } from './cost.ts';
import { MESSAGE_FLAGS, type Outgoing, ownMessageId } from './outgoing.ts';
import { type Draft, type Placed, type PlacingDeps, place } from './placing.ts';
import { recipientList, requiresSmtpUtf8 } from './recipient-list.ts';
import { identityOf, type Question } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import { checkAuthors, type SendingRights } from './sending-rights.ts';
import type { Accepted, AcceptMessage, Submission } from './submission.ts';

export interface AcceptDeps extends PlacingDeps {
  readonly limits: { readonly messageBytesMax: number; readonly recipientsMax: number };
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: Pick<RoutingTable, 'decide' | 'decisionId' | 'knownDecisionId' | 'dented' | 'probe' | 'playsWorld' | 'refresh'>;
  readonly tenantNumber: (tenantId: string) => number | Promise<number>;
  readonly intake: Pick<Batcher<IntakeMessage, IntakeAnswer>, 'submit'>;
  readonly poke: (laneId: number, dueAtMs?: number) => void;
  readonly prepare: (stored: StoredMessage, facts: MessageFacts) => Outgoing;
  /** Places of a tenant's day for mail whose From is written anew. */
  readonly rewriting?: { take(tenantId: string, recipients: number): Promise<void>; giveBack(tenantId: string, recipients: number): void };
  /** The first answer of a message that was accepted before. */
  readonly recall: (tenantId: string, messageId: string) => Promise<Accepted>;
}

const HOUR_MS = 3_600_000;
/** Partitions are made five weeks ahead, and a promise further ahead is better kept by the application. */
const SEND_AT_MAX_MS = 30 * 24 * HOUR_MS;

/** Makes the flow. It throws AppError for everything a caller did wrong and for STORE_UNAVAILABLE; then nothing was accepted. */
export function makeAcceptMessage(deps: AcceptDeps): AcceptMessage {
  return async (given) => {
    const submission = given.trace ? { ...given, raw: Buffer.concat([given.trace, given.raw]) } : given;
    const addresses = recipientList(submission.recipients, deps.limits.recipientsMax);
    const drafted = draft(deps, submission);
    const settled = drafted instanceof Promise ? await drafted : drafted;
    const capped = settled.decision.rewrittenFrom !== undefined && submission.credentialId !== null ? deps.rewriting : undefined;
    const number = deps.tenantNumber(submission.tenantId);
    const tenantNumber = typeof number === 'number' ? number : await number;
    let id = deps.ids.next();
    await capped?.take(submission.tenantId, addresses.length);
    let placed: readonly Placed[] = [];
    let message: IntakeMessage;
    let answer: IntakeAnswer;
    try {
      const placing = place(deps, settled, addresses);
      placed = placing instanceof Promise ? await placing : placing;
      if (!ofOneHour(id, placed)) {
        id = deps.ids.next();
        placed = placed.map((group) => withNewIds(deps, group));
      }
      message = intakeMessage(settled, id, placed, given.raw);
      answer = await deps.intake.submit(message);
    } catch (error) {
      giveUpPlaces(deps, placed);
      capped?.giveBack(submission.tenantId, addresses.length);
      throw error;
    }
    if (answer.kind !== 'accepted') {
      giveUpPlaces(deps, placed);
      capped?.giveBack(submission.tenantId, addresses.length);
      if (answer.kind === 'in-flight')
        throw new AppError('IDEMPOTENCY_IN_FLIGHT', 'Another message with this Idempotency-Key is being taken in.');
      if (!answer.sameBody) throw new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came before with another body.');
      return deps.recall(submission.tenantId, answer.messageId);
    }
    launch(deps, settled, message, placed, answer.suppressed, tenantNumber);
    const { suppressed } = answer;
    return {
      id,
      repeated: false,
      recipients: message.recipients.map((recipient) => ({
        id: recipient.id,
        address: recipient.address,
        state: suppressed.has(recipient.id) ? 'suppressed' : recipient.state === 'submitting' ? 'queued' : recipient.state,
      })),
    };
  };
}

/** Inspection, rights, route. Waits only for what no memory knows yet. */
function draft(deps: AcceptDeps, submission: Submission): Draft | Promise<Draft> {
  if (submission.raw.length > deps.limits.messageBytesMax) {
    throw new AppError('MAIL_TOO_LARGE', `The message has ${submission.raw.length} bytes; ${deps.limits.messageBytesMax} are allowed.`);
  }
  const inspected = inspectMessage(submission.raw);
  if (!inspected.ok) throw inspected.error;
  const facts = inspected.value;
  const fromAddress = facts.from[0].address;
  const stream = facts.control.stream ?? submission.stream;
  const sendAtMs = sendAt(deps, submission.sendAtMs ?? facts.control.sendAtMs);
  const rights = checkAuthors(deps.rights, submission.tenantId, facts);

  const finish = (may: Awaited<typeof rights>): Draft | Promise<Draft> => {
    if (!may.allowed) throw new AppError('SENDER_NOT_ALLOWED', may.reason, { field: 'from', hint: may.hint });
    const question: Question = {
      tenantId: submission.tenantId,
      stream,
      fromDomain: fromAddress.slice(fromAddress.lastIndexOf('@') + 1),
      ...identityOf(may, () => authorSignature(submission.raw)),
      sizeBytes: submission.raw.length,
      refusedBy: [],
      mime: submission.raw,
    };
    const decided = (): Draft | Promise<Draft> => {
      const decision = deps.routing.decide(question);
      const held = decision.heldBecause === null ? null : heldReason(decision.heldCode, may.freeMailbox);
      const base = { submission, facts, stream, sendAtMs, fromAddress, question, decision, held };
      const decisionId = deps.routing.knownDecisionId(decision);
      if (decisionId !== null) return { ...base, decisionId };
      return deps.routing.decisionId(decision).then((made) => ({ ...base, decisionId: made }));
    };
    // Another process may have been given the first real account a moment ago: the simulator must not swallow what was meant for it.
    // A database that is away says so at the commit.
    return deps.routing.playsWorld() ? deps.routing.refresh().then(decided, decided) : decided();
  };
  return rights instanceof Promise ? rights.then(finish) : finish(rights);
}

function sendAt(deps: AcceptDeps, asked: number | null): number | null {
  if (asked === null) return null;
  const nowMs = deps.clock.nowMs();
  if (asked > nowMs + SEND_AT_MAX_MS) throw new AppError('SEND_AT_INVALID', 'send_at lies more than 30 days ahead.', { field: 'send_at' });
  // A time that has passed means "now": the caller's clock may be a little behind.
  return asked <= nowMs ? null : asked;
}

function intakeMessage(settled: Draft, id: string, placed: readonly Placed[], asGiven: Buffer): IntakeMessage {
  const { submission, facts, stream } = settled;
  const recipients = placed.flatMap((group) => group.recipients);
  const utf8 = facts.smtpUtf8 || recipients.some((recipient) => requiresSmtpUtf8(recipient.address));
  const key = facts.control.idempotencyKey;
  return {
    tenantId: submission.tenantId,
    id,
    credentialId: submission.credentialId,
    stream,
    mailFrom: submission.mailFrom,
    fromAddress: settled.fromAddress,
    subject: facts.subject,
    headerMessageId: facts.messageId ?? ownMessageId(id, settled.fromAddress.slice(settled.fromAddress.lastIndexOf('@') + 1)),
    flags: flagsOf({ smtpUtf8: utf8, eightBit: facts.eightBit, heldAtDoor: settled.held !== null }),
    tags: submission.tags.length > 0 ? submission.tags : facts.control.tags,
    metadata: submission.metadata ?? (Object.keys(facts.control.metadata).length > 0 ? facts.control.metadata : null),
    sendAtMs: settled.sendAtMs,
    raw: submission.raw,
    hourMs: hourOf(id),
    recipients,
    idempotency: submission.idempotency ?? (key === null ? null : { key, bodyHash: hashOf(asGiven, recipients) }),
  };
}

/**
 * False when the hour (or the week) turned while lanes and places were waited for. The ledger counts a message in the hour of its id and recipients in that
 * of theirs, and weeks go as a whole: a message and its recipients belong to one.
 */
function ofOneHour(id: string, placed: readonly Placed[]): boolean {
  const last = placed.at(-1)?.recipients.at(-1);
  return last === undefined || hourOf(last.id) === hourOf(id);
}

/** Nobody knows the first ids yet; the next turn is an hour away. */
function withNewIds({ ids }: Pick<AcceptDeps, 'ids'>, group: Placed): Placed {
  return { ...group, recipients: group.recipients.map((recipient) => ({ ...recipient, id: ids.next(), eventId: ids.next() })) };
}

function hourOf(id: string): number {
  return Math.floor(idTimeMs(id) / HOUR_MS) * HOUR_MS;
}

function flagsOf(set: Readonly<Record<keyof typeof MESSAGE_FLAGS, boolean>>): number {
  const { smtpUtf8, eightBit, heldAtDoor } = MESSAGE_FLAGS;
  return (set.smtpUtf8 ? smtpUtf8 : 0) | (set.eightBit ? eightBit : 0) | (set.heldAtDoor ? heldAtDoor : 0);
}

function launch(
  deps: AcceptDeps,
  settled: Draft,
  message: IntakeMessage,
  placed: readonly Placed[],
  suppressed: ReadonlySet<string>,
  tenantNumber: number,
): void {
  let outgoing: Outgoing | null = null;
  for (const { lane, recipients, lease, decisionId } of placed) {
    if (lease === null || lane.routeId === null) {
      if (settled.held === null) deps.poke(lane.id, settled.sendAtMs ?? undefined);
      continue;
    }
    const live = recipients.filter((recipient) => !suppressed.has(recipient.id));
    if (live.length === 0) {
      deps.wire?.cancel(lane.id, lease);
      continue;
    }
    outgoing ??= deps.prepare({ ...message, tenantNumber }, settled.facts);
    deps.wire?.launch({
      cost: live.length * costOf(message.raw.length),
      laneId: lane.id,
      routeId: lane.routeId,
      decisionId,
      message: outgoing,
      recipients: live.map((recipient) => ({ id: recipient.id, address: recipient.address, attempts: 0, lease, refusedBy: [] })),
    });
  }
}

function giveUpPlaces(deps: AcceptDeps, placed: readonly Placed[]): void {
  for (const { lane, lease } of placed) if (lease !== null) deps.wire?.cancel(lane.id, lease);
}

/** Recipients count, in any order: a relay that splits one mail over several envelopes must hear that the key is taken, not a second "accepted". */
function hashOf(asGiven: Buffer, recipients: readonly IntakeRecipient[]): Buffer {
  const envelope = recipients.map((recipient) => recipient.address).sort();
  return createHash('sha256').update(envelope.join('\n')).update('\n\n').update(asGiven).digest();
}
