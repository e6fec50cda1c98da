// This file says, before anything is handed in, as whom mail of a sender goes out: as it is, with From written anew, or not at all; and why, and what would be better.
import type { RouteDecision } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { Language } from '../language.ts';
import type { Mailbox } from '../mail/address-list.ts';
import { rewrittenName } from '../mail/rewrite-from.ts';
import { domainOf, type MayNotCode, type MaySend } from '../tenancy/may-send.ts';
import { identityOf } from './route-asked.ts';
import type { RoutingTable } from './routing-table.ts';
import { type SenderWordCode, senderWords } from './sender-words.ts';
import type { SendingRights } from './sending-rights.ts';

export interface SenderIdentityDeps {
  readonly rights: Pick<SendingRights, 'check'>;
  readonly routing: () => Pick<RoutingTable, 'decide'>;
}

export type SenderTreatment = 'as-is' | 'rewrite' | 'held';

export interface TreatedSender {
  readonly treatment: SenderTreatment;
  /** What From becomes; null: it stays. */
  readonly rewrittenFrom: string | null;
  /** A sentence or two, in the language that was asked for. */
  readonly why: string;
}

export interface PreviewedSender extends TreatedSender {
  /** From and Reply-To as readers see them; Reply-To is null when there is none. */
  readonly from: string;
  readonly replyTo: string | null;
  /** Null: the address may not stand in From at all. */
  readonly decision: RouteDecision | null;
  readonly better: string | null;
  /** The same without the names of accounts, which are the platform's own business. */
  readonly betterUnnamed: string | null;
}

export interface SenderIdentity {
  /** How mail of a sender goes out now, said in `language`. */
  treat(
    tenantId: string,
    sender: { readonly address: string; readonly verified: boolean; readonly asked: boolean },
    language: Language,
  ): Promise<TreatedSender>;
  preview(
    tenantId: string,
    message: { readonly from: Mailbox; readonly replyTo: Mailbox | null; readonly stream: Stream },
    language: Language,
  ): Promise<PreviewedSender>;
}

/** A usual message; only its From matters here. */
const SIZE_BYTES = 4096;

/** What to do about an address that may not stand in From yet. */
const BETTER = {
  pending: 'better-publish-first',
  unverified: 'better-confirm',
  registered: 'better-register',
  ours: 'better-register',
} as const satisfies Record<MayNotCode, string>;

export function makeSenderIdentity(deps: SenderIdentityDeps): SenderIdentity {
  function decide(tenantId: string, address: string, may: MaySend, stream: Stream): RouteDecision {
    return deps.routing().decide({
      tenantId,
      stream,
      fromDomain: address.slice(address.lastIndexOf('@') + 1).toLowerCase(),
      // What nobody wrote yet, nobody signed.
      ...identityOf(may, () => null),
      sizeBytes: SIZE_BYTES,
      refusedBy: [],
      mime: null,
    });
  }

  return {
    async treat(tenantId, { address, verified, asked }, language) {
      if (!verified) {
        const why = senderWords(asked ? 'asked' : 'not-asked', { address }, language);
        return { treatment: 'held', rewrittenFrom: null, why };
      }
      const may = await deps.rights.check(tenantId, address);
      if (!may.allowed) return refused(address, may.code, language);
      return treatmentOf(address, decide(tenantId, address, may, 'transactional'), may, language);
    },
    async preview(tenantId, { from, replyTo, stream }, language) {
      const may = await deps.rights.check(tenantId, from.address);
      const asWritten = { from: shown(from.name, from.address), replyTo: replyTo && shown(replyTo.name, replyTo.address) };
      if (!may.allowed) {
        const better = senderWords(BETTER[may.code], {}, language);
        return { ...asWritten, ...refused(from.address, may.code, language), decision: null, better, betterUnnamed: better };
      }
      const decision = decide(tenantId, from.address, may, stream);
      const treated = treatmentOf(from.address, decision, may, language);
      const { rewrittenFrom } = treated;
      const told = { ...treated, decision, ...betterOf(from.address, decision, may, language) };
      if (rewrittenFrom === null) return { ...told, ...asWritten };
      return {
        ...told,
        from: shown(rewrittenName(from.name, may.rewriting?.organisation ?? ''), rewrittenFrom),
        replyTo: asWritten.replyTo ?? asWritten.from,
      };
    },
  };
}

type Allowed = MaySend & { readonly allowed: true };

function refused(address: string, code: MayNotCode, language: Language): TreatedSender {
  const why = senderWords(`not-${code}`, { address, domain: domainOf(address) || address }, language);
  return { treatment: 'held', rewrittenFrom: null, why };
}

function treatmentOf(address: string, decision: RouteDecision, may: Allowed, language: Language): TreatedSender {
  const { rewrittenFrom = null, routeId, waits, heldCode } = decision;
  const facts = { address, domain: may.domainName ?? domainOf(address), rewritten: rewrittenFrom ?? may.rewriting?.address ?? '' };
  const say = (code: SenderWordCode) => senderWords(code, facts, language);
  if (heldCode !== null) return { treatment: 'held', rewrittenFrom: null, why: say(`held-${heldCode}`) };
  if (rewrittenFrom !== null)
    return { treatment: 'rewrite', rewrittenFrom, why: say(isUnseen(decision) ? 'rewritten-unseen' : 'rewritten') };
  if (routeId === null && !waits) return { treatment: 'held', rewrittenFrom: null, why: say('no-way') };
  return { treatment: 'as-is', rewrittenFrom: null, why: say(may.domainName === null ? 'as-it-is' : 'of-domain') };
}

/** Nobody saw the record of the key that signs for the new From. */
function isUnseen({ judgements }: RouteDecision): boolean {
  return judgements.some(({ chosen, code }) => chosen && code === 'rewritten-unseen');
}

/** What would be better, with the names of accounts and without. */
function betterOf(address: string, decision: RouteDecision, may: Allowed, language: Language) {
  const { betterCode: code, rewrittenFrom, facts } = decision;
  if (code === null) return { better: null, betterUnnamed: null };
  const about = {
    address,
    domain: facts.domain ?? domainOf(address),
    rewritten: may.rewriting?.address ?? '',
    account: facts.account ?? '',
  };
  const say = (word: SenderWordCode) => senderWords(word, about, language);
  // The same advice stands for two reasons: From is written anew now, or it is an address at a mailbox provider.
  const mailbox = code === 'own-domain' && rewrittenFrom === undefined;
  const betterUnnamed = say(mailbox ? 'better-own-domain-of-mailbox' : `better-${code}`);
  const named = code === 'authenticate-domain' && facts.account !== undefined;
  return { better: named ? say('better-authenticate-domain-at') : betterUnnamed, betterUnnamed };
}

/** As a person reads it. */
function shown(name: string | null, address: string): string {
  return name === null || name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
}
