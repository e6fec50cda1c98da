// This file says which case an answer belongs to, by its fault: one thing is wrong with an IP at a receiver, another with a domain everywhere.
import type { IncidentKind, Sighting } from './incidents.ts';

/** An event of the log, as far as incidents look at it. */
export interface SeenAnswer {
  readonly tenantId: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly type: string;
  readonly fault: string | null;
  readonly class: string | null;
  readonly reply: string | null;
  /** What the account said of itself at the hand-over (`suspended`, `quota` …); null: nothing. */
  readonly signal: string | null;
  /** Who handed it over; null: nobody, or it cannot be told. */
  readonly accountId: string | null;
  readonly poolId: string | null;
  readonly mailboxProvider: string;
  readonly fromDomain: string;
  readonly atMs: number;
}

/** What a case is about. */
export interface IncidentSubject {
  readonly kind: IncidentKind;
  /** One case a key. */
  readonly key: string;
  /** Whose it is; null: the platform's alone. */
  readonly tenantId: string | null;
  readonly fault: string;
  readonly accountId: string | null;
  readonly poolId: string | null;
  readonly mailboxProvider: string | null;
  readonly domain: string | null;
  readonly messageId: string | null;
}

/** Events that say something went wrong. `requeued`: the account did not take it. */
export const BAD_TYPES: ReadonlySet<string> = new Set(['deferred', 'bounced', 'failed', 'rejected', 'rerouted', 'requeued', 'expired']);
/** Events that say it went well. */
export const GOOD_TYPES: ReadonlySet<string> = new Set(['delivered', 'handed_over']);

/** The provider leaves no doubt about its own account. */
const SURE_SIGNALS: ReadonlySet<string> = new Set(['suspended', 'quota', 'misconfigured']);
/** Kinds by fault; a fault that is not here is everyday. */
const KIND_OF_FAULT: Readonly<Record<string, IncidentKind>> = {
  'sender-reputation': 'ip-blocked',
  authentication: 'authentication',
  operator: 'account',
  capacity: 'capacity',
  content: 'content',
};

/** The case a bad answer belongs to; null: none. */
export function caseOf(answer: SeenAnswer): { subject: IncidentSubject; sighting: Sighting } | null {
  if (!BAD_TYPES.has(answer.type) || answer.fault === null) return null;
  const kind = KIND_OF_FAULT[answer.fault];
  // One message that the receiver puts off because of its content may still pass; only a refusal counts.
  if (kind === undefined || (kind === 'content' && (answer.type === 'deferred' || answer.type === 'requeued'))) return null;
  const subject = subjectOf(kind, answer);
  if (subject === null) return null;
  const { recipientId, messageId, atMs, reply, class: cls, type, signal } = answer;
  const sure = kind === 'account' && signal !== null && SURE_SIGNALS.has(signal);
  return { subject, sighting: { recipientId, messageId, atMs, reply, class: cls, rerouted: type === 'rerouted', sure } };
}

/** Keys of the cases that would have shown in a good answer. */
export function clearedKeys(answer: SeenAnswer): string[] {
  if (!GOOD_TYPES.has(answer.type)) return [];
  const kinds = Object.entries(KIND_OF_FAULT);
  return kinds.flatMap(([, kind]) => subjectOf(kind, answer)?.key ?? []);
}

function subjectOf(kind: IncidentKind, answer: SeenAnswer): IncidentSubject | null {
  const { tenantId, accountId, poolId, mailboxProvider, fromDomain: domain, messageId } = answer;
  const nothing = { tenantId: null, accountId: null, poolId: null, mailboxProvider: null, domain: null, messageId: null };
  const base = { kind, ...nothing };
  switch (kind) {
    case 'ip-blocked':
      if (accountId === null) return null;
      return {
        ...base,
        fault: 'sender-reputation',
        key: `${kind}/${accountId}/${poolId ?? ''}/${mailboxProvider}`,
        accountId,
        poolId,
        mailboxProvider,
      };
    case 'capacity':
      if (accountId === null) return null;
      return { ...base, fault: 'capacity', key: `${kind}/${accountId}/${mailboxProvider}`, accountId, mailboxProvider };
    case 'account':
      return accountId === null ? null : { ...base, fault: 'operator', key: `${kind}/${accountId}`, accountId };
    case 'authentication':
      return { ...base, fault: 'authentication', key: `${kind}/${tenantId}/${domain}`, tenantId, domain };
    case 'content':
      return { ...base, fault: 'content', key: `${kind}/${messageId}`, tenantId, messageId };
  }
}
