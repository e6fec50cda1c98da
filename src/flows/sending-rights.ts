// This file answers for both doors whether a tenant may use a From address, from memory where it was asked lately: the decision is pure
// (tenancy/may-send.ts), the facts come from the store.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type Mailbox, parseAddressList } from '../mail/address-list.ts';
import type { MessageFacts, SenderField } from '../mail/inspect.ts';
import { readRewriting } from '../store/rewriting.ts';
import { readSendingFacts } from '../store/sending-facts.ts';
import { domainOf, domainsCovering, type MaySend, maySend, senderKey } from '../tenancy/may-send.ts';

export interface SendingRights {
  /** A value when it is known already, so that a hot door need not wait; a promise else. */
  check(tenantId: string, fromAddress: string): MaySend | Promise<MaySend>;
  /** Forgets what is known of a tenant (null: of all), because its domains or senders changed. */
  forget(tenantId: string | null): void;
}

/**
 * Whether everybody whom a message names as its author or sender may be named by this organisation. The first author's answer is that of the message,
 * unless another may not: readers see every name, and a signature of the first would vouch for all of them. Sender and Resent-* are shown too ("on behalf of"),
 * and say who sent it (RFC 5322 §3.6.2), which is this organisation and nobody else.
 */
export function checkAuthors(
  rights: Pick<SendingRights, 'check'>,
  tenantId: string,
  facts: Pick<MessageFacts, 'from' | 'senders'>,
): MaySend | Promise<MaySend> {
  const [first, ...others] = facts.from;
  const may = rights.check(tenantId, first.address);
  if (others.length === 0 && facts.senders.length === 0) return may;
  if (others.length >= AUTHORS_MAX) throw notAllowed(`From names ${facts.from.length} authors; ${AUTHORS_MAX} are the most.`, 'from');
  const senders = facts.senders.flatMap(mailboxesOf);
  if (senders.length > AUTHORS_MAX)
    throw notAllowed(`Sender and Resent-* name ${senders.length} addresses; ${AUTHORS_MAX} are the most.`, 'sender');
  return checkEach(rights, tenantId, { may, others, senders });
}

async function checkEach(
  rights: Pick<SendingRights, 'check'>,
  tenantId: string,
  named: { may: MaySend | Promise<MaySend>; others: readonly Mailbox[]; senders: readonly (Mailbox & { header: string })[] },
): Promise<MaySend> {
  const [own, ...rest] = await Promise.all([named.may, ...named.others.map(({ address }) => rights.check(tenantId, address))]);
  const refused = [own, ...rest].find((each) => !each.allowed);
  if (refused) return refused;
  for (const { address, header } of named.senders) {
    const sender = await rights.check(tenantId, address);
    if (!sender.allowed) throw notAllowed(`${header}: ${sender.reason}`, 'sender');
  }
  return own;
}

function mailboxesOf({ name, value }: SenderField): (Mailbox & { header: string })[] {
  const list = parseAddressList(value);
  if (!list.ok) throw new AppError(list.error.code, `${name}: ${list.error.message}`, { field: 'sender' });
  return list.value.map((mailbox) => ({ ...mailbox, header: name }));
}

function notAllowed(message: string, field: 'from' | 'sender'): AppError {
  const hint = 'Leave the header out, or name an address of a domain or sender registered for this organisation in it.';
  return new AppError('SENDER_NOT_ALLOWED', message, { field, ...(field === 'sender' ? { hint } : {}) });
}

/** Each is a question at the store; nobody writes with more. */
const AUTHORS_MAX = 10;

/** How long a yes counts: a domain removed on another node can be used at most this much longer. A no is never remembered. */
const TTL_MS = 5_000;
/** A yes in use is asked for anew after this, beside the message that noticed: a busy door never waits for it. */
const RENEW_MS = 2_500;
/** Domains and addresses remembered; beyond it the oldest are asked for again. */
const CACHE_MAX = 50_000;

/** `rewriteDomain`: the domain below which From addresses are written anew; null: this desk has none. */
export function makeSendingRights(deps: {
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly rewriteDomain?: string | null;
}): SendingRights {
  const { pool, clock, rewriteDomain = null } = deps;
  const known = new Map<string, { atMs: number; answer: MaySend }>();
  const asking = new Map<string, Promise<MaySend>>();
  /** Grows with every `forget`: what was asked before it is not remembered after it. */
  let era = 0;

  function recall(key: string, tenantId: string, address: string): MaySend | null {
    const entry = known.get(key);
    if (!entry) return null;
    const ageMs = clock.monotonicMs() - entry.atMs;
    if (ageMs >= TTL_MS) return null;
    // A database that is away is told to those who come when the time is over.
    if (ageMs >= RENEW_MS) askOnce(tenantId, address).catch(() => undefined);
    return entry.answer;
  }

  /** Whoever asks the same meanwhile gets the same answer. */
  function askOnce(tenantId: string, address: string): Promise<MaySend> {
    const key = keyOf(tenantId, address);
    const running = asking.get(key);
    if (running) return running;
    const question = ask(tenantId, address).finally(() => {
      if (asking.get(key) === question) asking.delete(key);
    });
    asking.set(key, question);
    return question;
  }

  async function ask(tenantId: string, address: string): Promise<MaySend> {
    const asked = era;
    const facts = await readSendingFacts(pool, tenantId, { domains: domainsCovering(address), sender: address });
    const decided = maySend(address, facts);
    // Only a sender without a domain can be treated in a way of its own.
    const alone = decided.allowed && decided.domainId === null;
    const rewriting = alone ? await readRewriting(pool, tenantId, { address, rewriteDomain }) : null;
    const answer = rewriting === null ? decided : { ...decided, rewriting };
    if (asked === era) remember(tenantId, address, answer);
    return answer;
  }

  /** A no is taken to heart at once: neither the address nor its domain is known any longer. */
  function remember(tenantId: string, address: string, answer: MaySend): void {
    const [ofDomain, ofAddress] = [keyOf(tenantId, domainOf(address)), keyOf(tenantId, address)];
    const key = answer.allowed && answer.domainId !== null ? ofDomain : ofAddress;
    // What was known the other way (a domain that came or went) is out of date, too.
    known.delete(ofDomain);
    known.delete(ofAddress);
    if (!answer.allowed) return;
    if (known.size >= CACHE_MAX) known.delete(known.keys().next().value ?? '');
    known.set(key, { atMs: clock.monotonicMs(), answer });
  }

  return {
    check(tenantId, fromAddress) {
      const address = senderKey(fromAddress);
      return (
        recall(keyOf(tenantId, domainOf(address)), tenantId, address) ??
        recall(keyOf(tenantId, address), tenantId, address) ??
        askOnce(tenantId, address)
      );
    },
    forget(tenantId) {
      era += 1;
      asking.clear();
      if (tenantId === null) known.clear();
      else for (const key of known.keys()) if (key.startsWith(`${tenantId} `)) known.delete(key);
    },
  };
}

function keyOf(tenantId: string, name: string): string {
  return `${tenantId} ${name}`;
}
