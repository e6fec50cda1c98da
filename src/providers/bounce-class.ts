// This file reads the numeric bounce classes of the Momentum mail server, which SparkPost (bounce_class) and Mandrill (bgtools_code) share.
import { explainReply } from '../feedback/classify.ts';
import { NO_OWN_RULES, OWN_PREFIX, type OwnRules } from '../feedback/own-rules.ts';
import type { EventType, Fault, FeedbackClass } from '../feedback/vocabulary.ts';

export interface BounceRow {
  /** What a bounce of this class really is; `bounced` where nothing is said. */
  readonly type?: EventType;
  readonly class: FeedbackClass | null;
  /** The provider is sure enough about the address that this one answer holds it. */
  readonly suppress?: true;
  /** Says too little: the remote server's words decide where they say more. */
  readonly generic?: true;
}

/** Number → meaning, after the providers' published table. */
const BOUNCE_CLASSES: Readonly<Record<string, BounceRow>> = {
  '1': { class: 'unclassified', generic: true }, // undetermined
  '10': { class: 'invalid-recipient', suppress: true },
  '20': { class: 'unclassified', generic: true }, // soft bounce
  '21': { class: 'network', generic: true }, // DNS failure: of the moment, or no such domain
  '22': { class: 'mailbox-full' },
  '23': { class: 'message-too-large' },
  '24': { class: 'expired' }, // timeout
  '25': { type: 'rejected', class: 'operator' }, // admin failure: the provider's own lists and rules, before any receiver was asked
  '30': { class: 'invalid-recipient', suppress: true }, // generic bounce, no RCPT
  '40': { class: 'unclassified', generic: true }, // generic bounce
  '50': { class: 'policy', generic: true }, // mail block
  '51': { class: 'ip-reputation' }, // spam block: a known source
  '52': { class: 'spam-content' },
  '53': { class: 'content' }, // prohibited attachment
  '54': { class: 'relay-denied' },
  '60': { type: 'autoresponded', class: 'auto-reply' },
  '70': { class: 'unclassified', generic: true }, // transient failure
  '80': { type: 'subscribed', class: null },
  '90': { type: 'unsubscribed', class: null, suppress: true },
  '100': { type: 'autoresponded', class: 'auto-reply' }, // challenge and response
};

/** On the account's own suppression list, or the provider's hidden one ("system policy"); "campaign cancelled" and the provider's rules stay with class 25's `operator`. */
const SUPPRESSED_TEXT = /suppress/i;

export interface BounceReading {
  readonly type: EventType;
  readonly class: FeedbackClass | null;
  readonly hard: boolean;
  readonly suppress: boolean;
  /** The provider dropped the mail because the address stands on its own list: no receiver said anything about it. */
  readonly listed: boolean;
  /** The rule that the remote server's words met, where they decided; null where the number did. */
  readonly rule: string | null;
}

/**
 * Faults that the receiver's own words may put in the place of "no such mailbox": a listed or unsigned sender is ours, and a full or closed
 * mailbox is something else. Nobody is held for a number that the words contradict.
 */
const CONTRADICTING: ReadonlySet<Fault | null> = new Set<Fault | null>(['sender-reputation', 'authentication', 'recipient']);

/** A number that is not in the table, or none. */
const SILENT: BounceRow = { class: 'unclassified', generic: true };
/** Classes that are final about the address itself. */
const HARD: ReadonlySet<FeedbackClass | null> = new Set<FeedbackClass | null>(['invalid-recipient', 'bad-domain']);

/** The row of a class number (as text), or null where the number is missing, unknown, or says nothing. */
export function bounceRow(code: string | null): BounceRow | null {
  const row = code === null ? undefined : BOUNCE_CLASSES[code];
  return row === undefined || row.class === 'unclassified' ? null : row;
}

/** What a final bounce means. `row`: what the provider says, null for nothing; `diagnostic`: the remote server's words, with or without codes. */
export function readBounce(known: BounceRow | null, diagnostic: string | null, own: OwnRules = NO_OWN_RULES): BounceReading {
  const row = known ?? SILENT;
  const type = row.type ?? 'bounced';
  if (type === 'rejected') {
    const listed = diagnostic !== null && SUPPRESSED_TEXT.test(diagnostic);
    return { type, class: listed ? null : row.class, hard: false, suppress: false, listed, rule: null };
  }
  if (type !== 'bounced') return { type, class: row.class, hard: false, suppress: row.suppress === true, listed: false, rule: null };
  const said = diagnostic === null ? null : explainReply(diagnostic, { own });
  const spoken = said?.verdict ?? null;
  const told = spoken !== null && spoken.class !== 'unclassified';
  // An own rule knows better than the number as well.
  const ruled = said?.rule.startsWith(OWN_PREFIX) === true;
  const contradicted = told && row.suppress === true && spoken.class !== row.class && CONTRADICTING.has(spoken.fault);
  if (spoken !== null && (ruled || (told && (row.generic === true || contradicted))))
    return { type, class: spoken.class, hard: spoken.hard, suppress: spoken.suppress, listed: false, rule: said?.rule ?? null };
  return { type, class: row.class, hard: HARD.has(row.class), suppress: row.suppress === true, listed: false, rule: null };
}

/** What a delay means: never final, never against the address. */
export function readDelay(
  code: string | null,
  diagnostic: string | null,
  own: OwnRules = NO_OWN_RULES,
): { class: FeedbackClass; rule: string | null } {
  const said = diagnostic === null ? null : explainReply(diagnostic, { own });
  if (said !== null && said.verdict.class !== 'unclassified') return { class: said.verdict.class, rule: said.rule };
  const row = bounceRow(code);
  return { class: row?.type === undefined ? (row?.class ?? 'unclassified') : 'unclassified', rule: null };
}
