// This file is the one door behind both doors: it inspects a submission, asks whether the sender may, chooses the route, and commits message,
// recipients and ledger in one statement. Whoever gets its answer may forget the message; we may not.
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { RouteDecision } from '../delivery/route.ts';
import type { RecipientState, Stream } from '../delivery/states.ts';
import { AppError } from '../errors.ts';
import { type IdMint, idTimeMs } from '../ids.ts';
import { inspectMessage, type MessageFacts } from '../mail/inspect.ts';
import type { Batcher } from '../store/batcher.ts';
import type { IntakeAnswer, IntakeMessage, IntakeRecipient } from '../store/intake.ts';
import type { Lane } from '../store/lanes.ts';
import type { StoredMessage } from '../store/messages-for-delivery.ts';
import type { DeliveryJob } from './deliver.ts';
import type { LaneDirectory } from './lane-directory.ts';
import { MESSAGE_FLAGS, type Outgoing, ownMessageId } from './outgoing.ts';
import { recipientList, requiresSmtpUtf8 } from './recipient-list.ts';
import type { RoutingTable } from './routing-table.ts';
import type { SendingRights } from './sending-rights.ts';

export interface Submission {
  readonly tenantId: string;
  readonly credentialId: string | null;
  /** What the message itself asks for (X-Packetboat-Stream) wins over this. */
  readonly stream: Stream;
  /** RFC 5322 bytes with CR LF line ends. */
  readonly raw: Buffer;
  /** Envelope sender of the application, '' for the null sender. */
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly sendAtMs: number | null;
  readonly idempotency: { readonly key: string; readonly bodyHash: Buffer } | null;
}

export interface Accepted {
  readonly id: string;
  readonly recipients: { readonly id: string; readonly address: string; readonly state: RecipientState }[];
  /** True when this answer was given before to the same idempotency key. */
  readonly repeated: boolean;
}

export type AcceptMessage = (submission: Submission) => Promise<Accepted>;

export interface AcceptDeps {
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly limits: { readonly messageBytesMax: number; readonly recipientsMax: number };
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: Pick<RoutingTable, 'decide' | 'decisionId' | 'knownDecisionId'>;
  readonly lanes: Pick<LaneDirectory, 'known' | 'ensure'>;
  readonly mailboxProvider: (domain: string) => string;
  readonly tenantNumber: (tenantId: string) => number | Promise<number>;
  readonly intake: Pick<Batcher<IntakeMessage, IntakeAnswer>, 'submit'>;
  /** Places on the wire, and the lease that goes with them; absent on nodes that do not dispatch. */
  readonly wire: {
    reserve(laneId: number): boolean | Promise<boolean>;
    /** The lease of a place just reserved; it counts as open until `launch` or `cancel`. */
    lease(): bigint;
    launch(job: DeliveryJob): void;
    cancel(laneId: number, lease: bigint): void;
    /** Recipients that may travel in one job of this route. */
    batchMax(routeId: number): number;
  } | null;
  readonly poke: (laneId: number, dueAtMs?: number) => void;
  readonly prepare: (stored: StoredMessage, facts: MessageFacts) => Outgoing;
  /** The first answer of a message that was accepted before. */
  readonly recall: (tenantId: string, messageId: string) => Promise<Accepted>;
}

const HOUR_MS = 3_600_000;
/** Partitions are made five weeks ahead, and a promise further ahead is better kept by the application. */
const SEND_AT_MAX_MS = 30 * 24 * HOUR_MS;

/** Everything about a submission that is settled before recipients get their lanes. */
interface Draft {
  readonly submission: Submission;
  readonly facts: MessageFacts;
  readonly stream: Stream;
  readonly sendAtMs: number | null;
  readonly fromAddress: string;
  readonly decision: RouteDecision;
  readonly decisionId: string;
  readonly held: string | null;
}

/** Recipients that share a lane; those with a place on the wire also share a job. */
interface Placed {
  readonly lane: Lane;
  readonly recipients: IntakeRecipient[];
  /** Set when the whole group was given a place on the wire. */
  readonly lease: bigint | null;
}

/** Makes the flow. It throws AppError for everything a caller did wrong and for STORE_UNAVAILABLE; then nothing was accepted. */
export function makeAcceptMessage(deps: AcceptDeps): AcceptMessage {
  return async (submission) => {
    const addresses = recipientList(submission.recipients, deps.limits.recipientsMax);
    const drafted = draft(deps, submission);
    const settled = drafted instanceof Promise ? await drafted : drafted;
    const number = deps.tenantNumber(submission.tenantId);
    const tenantNumber = typeof number === 'number' ? number : await number;
    const id = deps.ids.next();
    const placing = place(deps, settled, addresses);
    const placed = placing instanceof Promise ? await placing : placing;
    const message = intakeMessage(settled, id, placed);
    let answer: IntakeAnswer;
    try {
      answer = await deps.intake.submit(message);
    } catch (error) {
      giveUpPlaces(deps, placed);
      throw error;
    }
    if (answer.kind === 'repeated') {
      giveUpPlaces(deps, placed);
      if (!answer.sameBody) throw new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came before with another message.');
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
  const rights = deps.rights.check(submission.tenantId, fromAddress);

  const finish = (may: Awaited<typeof rights>): Draft | Promise<Draft> => {
    if (!may.allowed) throw new AppError('SENDER_NOT_ALLOWED', may.reason, { field: 'from' });
    const decision = deps.routing.decide({
      tenantId: submission.tenantId,
      stream,
      fromDomain: fromAddress.slice(fromAddress.lastIndexOf('@') + 1),
      domainAuthenticated: may.domainAuthenticated,
      freeMailbox: may.freeMailbox,
      sizeBytes: submission.raw.length,
      refusedBy: [],
      mime: submission.raw,
    });
    const held = decision.heldBecause === null ? null : may.freeMailbox ? 'free-mailbox' : 'no-route';
    const base = { submission, facts, stream, sendAtMs, fromAddress, decision, held };
    const decisionId = deps.routing.knownDecisionId(decision);
    if (decisionId !== null) return { ...base, decisionId };
    return deps.routing.decisionId(decision).then((made) => ({ ...base, decisionId: made }));
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

/** Groups recipients by lane and asks for places on the wire. */
function place(deps: AcceptDeps, settled: Draft, addresses: readonly string[]): Placed[] | Promise<Placed[]> {
  const { submission, stream, decision } = settled;
  const routeId = decision.routeId ?? decision.judgements.find((judgement) => judgement.stoppedAt === 'well')?.routeId ?? null;
  const groups = new Map<string, string[]>();
  for (const address of addresses) {
    const provider = deps.mailboxProvider(address.slice(address.lastIndexOf('@') + 1));
    const group = groups.get(provider);
    if (group) group.push(address);
    else groups.set(provider, [address]);
  }
  const keys = [...groups].map(([mailboxProvider, members]) => ({
    key: { tenantId: submission.tenantId, stream, mailboxProvider, routeId },
    members,
  }));
  const known = keys.map(({ key }) => deps.lanes.known(key));
  const finish = (lanes: readonly Lane[]) => {
    const groups = keys.flatMap(({ members }, index) => groupsOf(deps, settled, lanes[index], members));
    const asked = groups.map(({ lane }) => (isHot(deps, settled, lane) ? deps.wire.reserve(lane.id) : false));
    const placeAll = (granted: readonly boolean[]) =>
      groups.map((group, index) => placeGroup(deps, settled, group, granted[index] === true));
    // Places granted at once are the usual case and cost no turn of the event loop.
    return asked.some((each) => each instanceof Promise) ? Promise.all(asked).then(placeAll) : placeAll(asked.map((each) => each === true));
  };
  if (known.every((lane) => lane !== null)) return finish(known);
  return Promise.all(keys.map(({ key }) => deps.lanes.ensure(key))).then(finish);
}

/** True when recipients of this lane may go from memory straight to the wire, if a place is free. */
function isHot(deps: AcceptDeps, settled: Draft, lane: Lane): deps is AcceptDeps & { wire: NonNullable<AcceptDeps['wire']> } {
  return deps.wire !== null && settled.held === null && settled.sendAtMs === null && lane.routeId !== null;
}

/** Cuts a lane's recipients into groups that travel in one job. */
function groupsOf(
  deps: AcceptDeps,
  settled: Draft,
  lane: Lane | undefined,
  addresses: readonly string[],
): { lane: Lane; addresses: readonly string[] }[] {
  if (!lane) throw new Error('a group of recipients has no lane');
  const size = isHot(deps, settled, lane) && lane.routeId !== null ? deps.wire.batchMax(lane.routeId) : addresses.length;
  const groups = [];
  for (let start = 0; start < addresses.length; start += size) groups.push({ lane, addresses: addresses.slice(start, start + size) });
  return groups;
}

function placeGroup(deps: AcceptDeps, settled: Draft, group: { lane: Lane; addresses: readonly string[] }, granted: boolean): Placed {
  const { lane, addresses } = group;
  const lease = granted && deps.wire ? deps.wire.lease() : null;
  return { lane, lease, recipients: addresses.map((address) => intakeRecipient(deps, settled, lane, lease, address)) };
}

function intakeRecipient(deps: AcceptDeps, settled: Draft, lane: Lane, lease: bigint | null, address: string): IntakeRecipient {
  const state = settled.held ? 'held' : settled.sendAtMs !== null ? 'scheduled' : lease !== null ? 'submitting' : 'queued';
  const waits = state === 'queued' || state === 'scheduled';
  return {
    id: deps.ids.next(),
    address,
    state,
    laneId: lane.id,
    dueAtMs: waits ? (settled.sendAtMs ?? deps.clock.nowMs()) : null,
    lease,
    routeId: lane.routeId,
    decisionId: settled.decisionId,
    reason: settled.held,
    eventId: deps.ids.next(),
  };
}

function intakeMessage(settled: Draft, id: string, placed: readonly Placed[]): IntakeMessage {
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
    flags: (utf8 ? MESSAGE_FLAGS.smtpUtf8 : 0) | (facts.eightBit ? MESSAGE_FLAGS.eightBit : 0),
    tags: submission.tags.length > 0 ? submission.tags : facts.control.tags,
    metadata: submission.metadata ?? (Object.keys(facts.control.metadata).length > 0 ? facts.control.metadata : null),
    sendAtMs: settled.sendAtMs,
    raw: submission.raw,
    hourMs: Math.floor(idTimeMs(id) / HOUR_MS) * HOUR_MS,
    recipients,
    idempotency: submission.idempotency ?? (key === null ? null : { key, bodyHash: hashOf(submission.raw) }),
  };
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
  for (const { lane, recipients, lease } of placed) {
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
      decisionId: settled.decisionId,
      message: outgoing,
      recipients: live.map((recipient) => ({ id: recipient.id, address: recipient.address, attempts: 0, lease, refusedBy: [] })),
    });
  }
}

function giveUpPlaces(deps: AcceptDeps, placed: readonly Placed[]): void {
  for (const { lane, lease } of placed) if (lease !== null) deps.wire?.cancel(lane.id, lease);
}

function hashOf(raw: Buffer): Buffer {
  return createHash('sha256').update(raw).digest();
}

/** Large messages take their share of the wire by size: one unit for each 16 KB begun. */
export function costOf(bytes: number): number {
  return 1 + Math.floor(bytes / 16_384);
}
