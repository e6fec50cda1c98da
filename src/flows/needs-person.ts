// This file says what waits for a person, worst first, in sentences with a subject and a way on.
import type { RecipientState } from '../delivery/states.ts';
import type { Language } from '../language.ts';
import type { IncidentKind } from '../reputation/incidents.ts';
import type { FailingMailbox } from '../store/mailbox-health.ts';
import type { Account } from '../store/provider-accounts.ts';
import type { SelfChecks } from './check-ourselves.ts';
import { NEED_WORDS } from './needs-words.ts';
import { isCode, selfCheckWords } from './self-checks/words.ts';

export interface Need {
  readonly kind: 'ledger' | 'no-account' | 'account' | 'mailbox' | 'incident' | 'held' | 'webhook' | 'domain' | 'self-check';
  readonly title: string;
  readonly text: string;
  /** Path in the console. */
  readonly href: string;
  readonly since: string | null;
}

export interface Situation {
  readonly accounts: readonly Account[];
  /** No account takes mail of anybody: simulated ones alone do not, where there was mail for the world. */
  readonly noWayOut: boolean;
  /** Bounce mailboxes that could not be read for a while. */
  readonly mailboxes: readonly FailingMailbox[];
  readonly states: Partial<Record<RecipientState, number>>;
  /** The oldest of those that are held now. */
  readonly heldSince: Date | null;
  readonly troubles: {
    readonly deadDeliveries: number;
    readonly deadSince: Date | null;
    readonly brokenDomains: number;
    /** A required record is wrong, and the grace runs. */
    readonly breakingDomains: number;
    /** New DKIM keys that are not seen in DNS, so that old ones sign on. */
    readonly waitingKeys: number;
    /** Keys that were revoked because others may have them: lately, or with nothing that signs in their place. */
    readonly revokedKeys: number;
  };
  readonly ledgerDifference: number | null;
  /** Open incidents of each kind that nobody looks after. */
  readonly incidents: readonly { readonly kind: IncidentKind; readonly unacknowledged: number; readonly since: string | null }[];
  /** What looks wrong from outside. */
  readonly selfChecks: SelfChecks['checks'];
  /** Accounts, mailboxes and the ledger are the platform's business. */
  readonly operator: boolean;
}

/** Health that heals by itself needs nobody; the rest does. */
const NEEDS_PERSON: ReadonlySet<string> = new Set(['quota', 'suspended', 'misconfigured']);

/** More of them have one cause, and one line each would hide the rest. */
const SELF_CHECKS_MAX = 5;

export function needsOf(situation: Situation, language: Language): Need[] {
  const say = NEED_WORDS[language];
  const { states, heldSince, troubles, incidents, operator } = situation;
  const needs: Need[] = operator ? needsOfOperators(situation, language) : [];
  for (const { kind, unacknowledged: n, since } of incidents) {
    if (n === 0) continue;
    const { one, many, text } = say.incident[kind];
    needs.push({ kind: 'incident', title: n === 1 ? one : many(n), text, href: `/incidents?state=open&kind=${kind}`, since });
  }
  const held = states.held ?? 0;
  if (held > 0) needs.push({ kind: 'held', ...say.held(held), href: '/messages?state=held', since: heldSince?.toISOString() ?? null });
  if (troubles.deadDeliveries > 0) {
    const since = troubles.deadSince?.toISOString() ?? null;
    needs.push({ kind: 'webhook', ...say.webhook(say.atMost(troubles.deadDeliveries)), href: '/credentials', since });
  }
  if (troubles.brokenDomains > 0) {
    needs.push({ kind: 'domain', ...say.domain(troubles.brokenDomains), href: '/domains?state=broken', since: null });
  }
  if (troubles.breakingDomains > 0) {
    needs.push({ kind: 'domain', ...say.domainSoon(troubles.breakingDomains), href: '/domains?state=warning', since: null });
  }
  if (troubles.revokedKeys > 0) {
    needs.push({ kind: 'domain', ...say.keysRevoked(troubles.revokedKeys), href: '/domains', since: null });
  }
  if (troubles.waitingKeys > 0) needs.push({ kind: 'domain', ...say.keys(troubles.waitingKeys), href: '/domains', since: null });
  return needs;
}

function needsOfOperators({ accounts, noWayOut, mailboxes, ledgerDifference, selfChecks }: Situation, language: Language): Need[] {
  const say = NEED_WORDS[language];
  const needs: Need[] = [];
  if (ledgerDifference !== null && ledgerDifference !== 0) {
    needs.push({ kind: 'ledger', ...say.ledger(Math.abs(ledgerDifference)), href: '/', since: null });
  }
  if (noWayOut || !accounts.some((account) => account.state === 'active')) {
    needs.push({ kind: 'no-account', ...say.noAccount, href: '/accounts', since: null });
  }
  for (const { name, state, health, health_reason: reason } of accounts) {
    if (state !== 'active' || !NEEDS_PERSON.has(health)) continue;
    needs.push({ kind: 'account', title: say.account(name), text: reason ?? health, href: '/accounts', since: null });
  }
  for (const { name, last_error: error, failing_since: since } of mailboxes) {
    needs.push({ kind: 'mailbox', ...say.mailbox(name, sentence(error ?? '?')), href: '/inbound/mailboxes', since });
  }
  for (const check of selfChecks.filter(({ state, code }) => state === 'problem' && isCode(code)).slice(0, SELF_CHECKS_MAX)) {
    const { says, next } = selfCheckWords(check.code, check, language);
    needs.push({ kind: 'self-check', title: says, text: next ?? '', href: '/outside', since: check.since });
  }
  return needs;
}

/** Words of others, ended so that ours can follow. */
function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
