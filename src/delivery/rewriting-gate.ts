// This file is the part of the route decision that is about From addresses written anew (the identity treatment `rewritten`): may such a route take the message, what holds
// it, and what would be better. Asked only for senders without a domain.

export interface RewritingQuestion {
  /** This desk has a rewriting domain. */
  readonly possible: boolean;
  readonly allowed: boolean;
  readonly agreed: boolean;
  /** Accounts that accept a verified address may carry the message as it is. */
  readonly asIs: boolean;
  /** What From would become; null: not settled. */
  readonly address: string | null;
  readonly organisation: string;
  /** What the author signed it with, bound to From; null: nothing. Looked at only where rewriting is allowed. */
  readonly signedWith: 'S/MIME' | 'PGP' | null;
  /** The record of the key that signs for an address written anew was never seen in DNS. */
  readonly keyUnseen?: boolean;
}

export type RewritingCode = 'rewriting-not-allowed' | 'rewriting-not-agreed' | 'signed-by-author';
export type RewritingBetter = 'own-domain' | 'agree-to-rewriting' | 'allow-rewriting';

interface Said<Code> {
  readonly because: string;
  readonly code: Code;
  readonly facts: { readonly address?: string; readonly signedWith?: string };
}

/** Why From may not be written anew; null: it may. */
export function whyNotRewritten(question: RewritingQuestion | undefined): Said<RewritingCode> | null {
  if (!question?.possible || !question.allowed || question.address === null) {
    return { because: 'The operator has not allowed that From is written anew.', code: 'rewriting-not-allowed', facts: {} };
  }
  const { address, signedWith } = question;
  if (!question.agreed) {
    const because = `From would be written anew as ${address}; the organisation has not agreed to that.`;
    return { because, code: 'rewriting-not-agreed', facts: { address } };
  }
  if (signedWith === null) return null;
  const because = `The message is signed or encrypted with ${signedWith}, which binds it to its From.`;
  return { because, code: 'signed-by-author', facts: { address, signedWith } };
}

/** True when mail of this sender goes out under another From wherever a route can. */
export function rewritesNow(question: RewritingQuestion): boolean {
  return whyNotRewritten(question) === null;
}

/** Why a rewritten route is taken, in words for the organisation. */
export function whyRewritten({ address, keyUnseen }: RewritingQuestion): Said<'rewritten' | 'rewritten-unseen'> {
  const facts = { address: address ?? '' };
  if (keyUnseen) {
    const because = `From is written anew as ${address}. The record of the key that signs for it is not seen in the DNS yet; until then receivers cannot prove this mail. Answers go to the person.`;
    return { because, code: 'rewritten-unseen', facts };
  }
  return {
    because: `From is written anew as ${address}, so that receivers can prove it; answers go to the person.`,
    code: 'rewritten',
    facts,
  };
}

/** What holds a message that only another From would let go, with its way out. */
export function heldForFrom(code: 'rewriting-not-agreed' | 'signed-by-author', domain: string, question: RewritingQuestion): string {
  if (code === 'rewriting-not-agreed') {
    return `Receivers would refuse mail from ${domain} that comes from this desk. From can be written anew as ${question.address}, with answers to the person; the organisation has to agree first (its senders, or "packetboat senders rewriting --agree"). Then it goes out by itself.`;
  }
  return `The message is signed or encrypted with ${question.signedWith}, which binds it to ${domain}, so From cannot be written anew. Hand it in without, or register a domain of your own; then it goes out by itself.`;
}

/** The better way that another From, or an own domain, would open; null: neither. */
export function betterFrom(
  question: RewritingQuestion,
  now: { readonly domain: string; readonly freeMailbox: boolean; readonly rewritten: boolean; readonly open: boolean },
): { readonly code: RewritingBetter; readonly better: string } | null {
  if (now.rewritten) {
    return { code: 'own-domain', better: 'From is written anew. With a domain of your own, and its records published, it stays as it is.' };
  }
  const why = whyNotRewritten(question);
  if (why?.code === 'rewriting-not-agreed') {
    const better = `Agree that From is written anew as ${question.address}: receivers can prove that mail once the records of that domain are seen, and answers go to the person.`;
    return { code: 'agree-to-rewriting', better };
  }
  if (why?.code === 'rewriting-not-allowed' && question.possible && (now.freeMailbox || !now.open)) {
    const better =
      'An operator can allow that From is written anew on a domain of the platform: receivers can prove that mail once its records are seen.';
    return { code: 'allow-rewriting', better };
  }
  return now.freeMailbox ? betterDomain(now.domain) : null;
}

/** What is always better than an address at a mailbox provider. */
export function betterDomain(domain: string): { readonly code: 'own-domain'; readonly better: string } {
  const better = `Receivers cannot prove that mail from ${domain} may come from here. An address of a domain of your own can be proven.`;
  return { code: 'own-domain', better };
}
