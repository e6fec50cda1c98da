// This file says what waits for a person, worst first, in sentences with a subject and a way on.
import type { RecipientState } from '../delivery/states.ts';
import type { Account } from '../store/provider-accounts.ts';

export interface Need {
  readonly kind: 'ledger' | 'no-account' | 'account' | 'held' | 'webhook' | 'domain';
  readonly title: string;
  readonly text: string;
  /** Path in the console. */
  readonly href: string;
  readonly since: string | null;
}

export interface Situation {
  readonly accounts: readonly Account[];
  readonly states: Partial<Record<RecipientState, number>>;
  readonly troubles: { readonly deadDeliveries: number; readonly brokenDomains: number };
  readonly ledgerDifference: number | null;
  /** Accounts and the ledger are the platform's business. */
  readonly operator: boolean;
}

/** Health that heals by itself needs nobody; the rest does. */
const NEEDS_PERSON: ReadonlySet<string> = new Set(['quota', 'suspended', 'misconfigured']);

export function needsOf({ accounts, states, troubles, ledgerDifference, operator }: Situation): Need[] {
  const needs: Need[] = [];
  if (operator && ledgerDifference !== null && ledgerDifference !== 0) {
    const n = Math.abs(ledgerDifference);
    needs.push(
      need(
        'ledger',
        'The ledger does not balance.',
        `${n} ${n === 1 ? 'recipient has' : 'recipients have'} no fate. This is a defect of ours.`,
        '/',
      ),
    );
  }
  if (operator && !accounts.some((account) => account.state === 'active')) {
    needs.push(
      need('no-account', 'No way out is open.', 'Mail is taken in and waits. Add a provider account, or resume one.', '/accounts'),
    );
  }
  for (const account of accounts) {
    if (account.state === 'active' && NEEDS_PERSON.has(account.health)) {
      needs.push(need('account', `${account.name} does not take our mail.`, account.health_reason ?? account.health, '/accounts'));
    }
  }
  const held = states.held ?? 0;
  if (held > 0) {
    needs.push(
      need(
        'held',
        `${held} ${held === 1 ? 'recipient waits' : 'recipients wait'} for a decision.`,
        'Each says why, and what lets it go.',
        '/messages?state=held',
      ),
    );
  }
  if (troubles.deadDeliveries > 0) {
    needs.push(
      need(
        'webhook',
        `${atMost(troubles.deadDeliveries)} events could not be delivered to an application.`,
        'They were tried for a day and can be replayed.',
        '/credentials',
      ),
    );
  }
  if (troubles.brokenDomains > 0) {
    needs.push(
      need(
        'domain',
        `${atMost(troubles.brokenDomains)} sending domains have wrong records.`,
        'Each page shows the record and the mistake in it.',
        '/domains',
      ),
    );
  }
  return needs;
}

function need(kind: Need['kind'], title: string, text: string, href: string): Need {
  return { kind, title, text, href, since: null };
}

/** Counts stop at a thousand. */
function atMost(n: number): string {
  return n >= 1000 ? '1,000 or more' : String(n);
}
