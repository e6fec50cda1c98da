// This file says what waits for a person, worst first, in sentences with a subject and a way on.
import type { RecipientState } from '../delivery/states.ts';
import type { IncidentKind } from '../reputation/incidents.ts';
import type { Account } from '../store/provider-accounts.ts';

export interface Need {
  readonly kind: 'ledger' | 'no-account' | 'account' | 'incident' | 'held' | 'webhook' | 'domain';
  readonly title: string;
  readonly text: string;
  /** Path in the console. */
  readonly href: string;
  readonly since: string | null;
}

export interface Situation {
  readonly accounts: readonly Account[];
  readonly states: Partial<Record<RecipientState, number>>;
  /** The oldest of those that are held now. */
  readonly heldSince: Date | null;
  readonly troubles: { readonly deadDeliveries: number; readonly deadSince: Date | null; readonly brokenDomains: number };
  readonly ledgerDifference: number | null;
  /** Open incidents of each kind that nobody looks after. */
  readonly incidents: readonly { readonly kind: IncidentKind; readonly unacknowledged: number; readonly since: string | null }[];
  /** Accounts and the ledger are the platform's business. */
  readonly operator: boolean;
}

/** Health that heals by itself needs nobody; the rest does. */
const NEEDS_PERSON: ReadonlySet<string> = new Set(['quota', 'suspended', 'misconfigured']);

/** What each kind of incident is called here; the account's own words stand above already. */
const INCIDENTS: Readonly<Record<IncidentKind, { one: string; many: string; text: string }>> = {
  'ip-blocked': {
    one: 'A receiver refuses one of our IPs.',
    many: 'receivers refuse our IPs.',
    text: 'Mail takes other accounts where there are any. The words of the receiver say which list it is.',
  },
  authentication: {
    one: 'Receivers cannot verify a domain.',
    many: 'domains cannot be verified by receivers.',
    text: 'Its DNS records have to be corrected.',
  },
  account: {
    one: 'An account does not take our mail.',
    many: 'accounts do not take our mail.',
    text: 'Mail waits or takes other accounts. The provider says why.',
  },
  capacity: {
    one: 'A receiver slows us down.',
    many: 'receivers slow us down.',
    text: 'The pace is lowered by itself; a limit keeps it there.',
  },
  content: {
    one: 'Receivers refuse the content of a mailing.',
    many: 'mailings are refused for their content.',
    text: 'The words of the receivers say what they dislike.',
  },
};

export function needsOf({ accounts, states, heldSince, troubles, ledgerDifference, incidents, operator }: Situation): Need[] {
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
  for (const { kind, unacknowledged: n, since } of incidents) {
    if (n === 0) continue;
    const { one, many, text } = INCIDENTS[kind];
    needs.push({ ...need('incident', n === 1 ? one : `${n} ${many}`, text, `/incidents?state=open&kind=${kind}`), since });
  }
  const held = states.held ?? 0;
  if (held > 0) {
    const title = `${held} ${held === 1 ? 'recipient waits' : 'recipients wait'} for a decision.`;
    const waits = need('held', title, 'Each says why, and what lets it go.', '/messages?state=held');
    needs.push({ ...waits, since: heldSince?.toISOString() ?? null });
  }
  if (troubles.deadDeliveries > 0) {
    const title = `${atMost(troubles.deadDeliveries)} events could not be delivered to an application.`;
    const dead = need('webhook', title, 'They were tried for a day and can be replayed.', '/credentials');
    needs.push({ ...dead, since: troubles.deadSince?.toISOString() ?? null });
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
