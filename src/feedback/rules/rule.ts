// This file says what a rule of the reply classifier is. Rules are data to be reviewed: one pattern, one class, one sample that earned it.
import type { FeedbackClass } from '../vocabulary.ts';

/** Where in the SMTP dialogue an answer came, when the caller knows it or the text says it ("in reply to end of DATA command"). */
export const REPLY_STAGES = ['connect', 'greeting', 'auth', 'mail', 'rcpt', 'data', 'dot'] as const;

export type ReplyStage = (typeof REPLY_STAGES)[number];

export interface ReplyRule {
  /** Stable name, shown by `packetboat explain bounce`: receiver or topic, then the happening. */
  readonly id: string;
  readonly class: FeedbackClass;
  /**
   * One of these has to match the normalised words: lower case, one line, addresses replaced by `addr` (see `reply-text.ts`). Only alternations,
   * character classes and gaps bounded by a number, so that the time grows with the length of the words and not faster.
   */
  readonly words: readonly RegExp[];
  /** Matched against `code enhanced`, for example `550 5.7.1` or `421 `; absent: any. */
  readonly code?: RegExp;
  /** Matched against the domains of the addresses that the answer names, joined by blanks; absent: any. */
  readonly domains?: RegExp;
  /** `true`: the words are names of hosts or links, which generic rules do not see otherwise (without-names.ts). */
  readonly names?: true;
  /** `true`: the words are matched without accents (fold-accents.ts). */
  readonly folded?: true;
  /** `false`: the class is right, but this answer is too vague to hold an address by itself. */
  readonly suppress?: false;
  /** An answer of this form. A test runs every sample and expects this very rule to decide. */
  readonly sample: string;
}

/** One of `subjects`, at most `gap` characters, one of `predicates`; both lists are parted by `|`. */
export function near(subjects: string, gap: number, predicates: string): RegExp {
  return new RegExp(`(?:${subjects}).{0,${gap}}?(?:${predicates})`);
}

/** As `near`, but both within one phrase: "Recipient address rejected: unknown error" does not say that the recipient is unknown. */
export function nearInPhrase(subjects: string, gap: number, predicates: string): RegExp {
  return new RegExp(`(?:${subjects})[^:;]{0,${gap}}?(?:${predicates})`);
}

/** As `nearInPhrase`, and no other subject between them: "mailbox unavailable, domain not hosted here" is not about the mailbox. */
export function ofSubject(subjects: string, gap: number, predicates: string): RegExp {
  return new RegExp(
    `(?:${subjects})(?:(?!\\b(?:domain|host|server|sender|message|header|connection|ip)\\b)[^:;]){0,${gap}}?(?:${predicates})`,
  );
}
