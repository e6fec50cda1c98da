// This file is the outgoing form of a stored message: what leaves by one kind of route, settled and signed once, however many recipients it
// has. Routes that preserve MIME get our signature; the others sign for themselves.

import { REFERENCE_HEADER } from '../delivery/report-reference.ts';
import type { Stream } from '../delivery/states.ts';
import { idTimeMs } from '../ids.ts';
import { authorSignature } from '../mail/author-signature.ts';
import { inspectMessage, type MessageFacts } from '../mail/inspect.ts';
import { type RewrittenFrom, rewriteFrom } from '../mail/rewrite-from.ts';
import { settleHeaders } from '../mail/settle.ts';
import type { StoredMessage } from '../store/messages-for-delivery.ts';

export interface Signer {
  /** The message with its DKIM-Signature in front. */
  sign(mime: Buffer, nowMs: number): Promise<Buffer>;
}

export interface Outgoing {
  readonly id: string;
  readonly tenantId: string;
  readonly tenantNumber: number;
  readonly stream: Stream;
  readonly mailFrom: string;
  readonly fromAddress: string;
  readonly fromDomain: string;
  readonly tags: readonly string[];
  readonly raw: Buffer;
  /** When its lifetime began, milliseconds since 1970. */
  readonly bornMs: number;
  readonly smtpUtf8: boolean;
  readonly eightBit: boolean;
  /** The bytes for the wire. Resolved once per kind of route and kept while anybody holds this object. */
  mime(signed: boolean): Buffer | Promise<Buffer>;
  /** The bytes with From written anew and signed by the rewriting domain. Rejects when nobody allows that any more. */
  rewritten(): Promise<Buffer>;
  /** What the author signed it with, bound to From. */
  signedWith(): 'S/MIME' | 'PGP' | null;
}

interface Signed {
  readonly by: Signer;
  readonly bytes: Buffer | Promise<Buffer>;
}

/** Bits of `messages.flags`. `heldAtDoor`: it was taken in as held, whatever became of it since. */
export const MESSAGE_FLAGS = { smtpUtf8: 1, eightBit: 2, heldAtDoor: 4 } as const;

/** The key that a message was to be signed with was taken away after its way was chosen; the way has to be chosen anew. Nothing reached the wire. */
export class SignatureGone extends Error {
  override readonly name = 'SignatureGone';
}

export interface OutgoingDeps {
  readonly signerFor: (tenantId: string, fromAddress: string) => Signer | null | Promise<Signer | null>;
  /** What From becomes on routes that write it anew, and who signs that. Rejects when it may not be. */
  readonly rewrite?: (tenantId: string, fromAddress: string) => Promise<RewrittenFrom & { readonly signer: Signer }>;
  /** Rises whenever this process hears that a signing key was taken away. */
  readonly keyVersion?: () => number;
  readonly nowMs: () => number;
  /** Fourth part of Feedback-ID: names this platform to Gmail. */
  readonly platform: string;
  /** What reports find a message again by (delivery/report-reference.ts). */
  readonly reference?: (tenantNumber: number, messageId: string) => string;
}

/** Prepares a message; `facts` saves a second look when the door just had one. */
export function makeOutgoing(stored: StoredMessage, deps: OutgoingDeps, facts?: MessageFacts): Outgoing {
  const fromDomain = stored.fromAddress.slice(stored.fromAddress.lastIndexOf('@') + 1);
  const kept: { plain?: Buffer; signed?: Signed; rewritten?: Signed & { readonly address: string }; signedWith?: 'S/MIME' | 'PGP' | null } =
    {};
  // Its way is chosen by what this process knew of keys at this moment, or later.
  let keysThen = deps.keyVersion?.();

  function plain(): Buffer {
    kept.plain ??= settle(stored, facts ?? factsOf(stored), deps, fromDomain);
    return kept.plain;
  }

  function signed(): Buffer | Promise<Buffer> {
    const signer = deps.signerFor(stored.tenantId, stored.fromAddress);
    return signer instanceof Promise ? signer.then(signedBy) : signedBy(signer);
  }

  /** Signed once by a signer, however many recipients there are; a key that is no longer used signs nothing, also nothing that was signed with it before. */
  function signedBy(signer: Signer | null): Buffer | Promise<Buffer> {
    if (signer === null) return unsigned();
    if (kept.signed?.by === signer) return kept.signed.bytes;
    const work = signer.sign(plain(), deps.nowMs()).then((bytes) => {
      if (kept.signed?.by === signer) kept.signed = { by: signer, bytes };
      return bytes;
    });
    kept.signed = { by: signer, bytes: work };
    return work;
  }

  /** Nobody signs. Where a key was taken away since the way was chosen, that is asked once more before anything leaves. */
  function unsigned(): Buffer {
    const now = deps.keyVersion?.();
    if (now === keysThen && !kept.signed) return plain();
    keysThen = now;
    delete kept.signed;
    throw new SignatureGone(`The signing key of ${fromDomain} was revoked; the way of this mail is chosen anew.`);
  }

  async function rewritten(): Promise<Buffer> {
    if (!deps.rewrite) throw new Error('this desk has no rewriting domain');
    const { signer, ...from } = await deps.rewrite(stored.tenantId, stored.fromAddress);
    const before = kept.rewritten;
    if (before?.by === signer && before.address === from.address) return before.bytes;
    const settled = plain();
    const bytes = signer.sign(rewriteFrom(settled, factsOf({ ...stored, raw: settled }), from), deps.nowMs());
    const now = { by: signer, address: from.address, bytes };
    kept.rewritten = now;
    // A failure is not kept: the next try asks anew.
    bytes.catch(() => {
      if (kept.rewritten === now) delete kept.rewritten;
    });
    return bytes;
  }

  return {
    id: stored.id,
    tenantId: stored.tenantId,
    tenantNumber: stored.tenantNumber,
    stream: stored.stream,
    mailFrom: stored.mailFrom,
    fromAddress: stored.fromAddress,
    fromDomain,
    tags: stored.tags,
    raw: stored.raw,
    bornMs: stored.sendAtMs ?? idTimeMs(stored.id),
    smtpUtf8: (stored.flags & MESSAGE_FLAGS.smtpUtf8) !== 0,
    eightBit: (stored.flags & MESSAGE_FLAGS.eightBit) !== 0,
    mime: (withSignature) => (withSignature ? signed() : plain()),
    rewritten,
    signedWith() {
      kept.signedWith ??= authorSignature(stored.raw);
      return kept.signedWith;
    },
  };
}

/** What Message-ID a message without one gets: stable over retries, so that receivers can tell a repetition. */
export function ownMessageId(messageId: string, fromDomain: string): string {
  return `<${messageId}@${fromDomain}>`;
}

function factsOf(stored: StoredMessage): MessageFacts {
  const facts = inspectMessage(stored.raw);
  // It was inspected before it was accepted; bytes that changed since are a broken disk, not bad input.
  if (!facts.ok) throw new Error(`the stored message ${stored.id} cannot be read again: ${facts.error.message}`);
  return facts.value;
}

function settle(stored: StoredMessage, facts: MessageFacts, deps: OutgoingDeps, fromDomain: string): Buffer {
  return settleHeaders(stored.raw, facts, {
    messageId: ownMessageId(stored.id, fromDomain),
    dateMs: stored.sendAtMs ?? idTimeMs(stored.id),
    ...(deps.reference ? { reference: { name: REFERENCE_HEADER, value: deps.reference(stored.tenantNumber, stored.id) } } : {}),
    feedbackId: `${stored.tags[0]?.replace(/[^\w-]/g, '') || 'mail'}:t${stored.tenantNumber}:${stored.stream}:${deps.platform}`,
  });
}
