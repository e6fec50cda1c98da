// This file holds the shapes in which messages and recipients are read for people and programs, and how a message's recipients are found.
import { MARKS, type Mark, marksOf, type RecipientState, type Stream } from '../delivery/states.ts';
import type { Plain } from './rows.ts';

export interface MessageSummaryRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly from: string;
  readonly subject: string;
  readonly stream: Stream;
  readonly send_at: Date | null;
  readonly size: number;
  readonly tags: string[];
  readonly recipient_count: number;
  readonly states: Partial<Record<RecipientState, number>>;
  readonly first_recipient: string | null;
}

export type MessageSummary = Plain<MessageSummaryRow>;

export interface RecipientRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly message_id: string;
  readonly address: string;
  readonly stream: Stream;
  readonly state: RecipientState;
  readonly reason: string | null;
  readonly marks: number;
  readonly attempt_count: number;
  /** When it is tried next; null when nothing is due. */
  readonly next_at: Date | null;
  readonly state_at: Date;
}

export type RecipientView = Omit<Plain<RecipientRow>, 'marks'> & { readonly marks: Mark[] };

/** Columns of RecipientRow from `recipients r`. */
export const RECIPIENT_COLUMNS = `r.id, r.tenant_id, r.message_id, r.address, r.stream, r.state, r.reason, r.marks, r.attempts as attempt_count,
  r.due_at as next_at, r.state_at`;

/** Sending domain of a message `m`, lower case. Split, not matched: it stands in the intake statement, where a pattern costs several times as much. */
export const FROM_DOMAIN = "lower(split_part(m.from_address, '@', -1))";

/**
 * The recipients of a message `m`: their ids were minted right after its own, so the primary key finds them. Other processes mint ids in
 * the same milliseconds, hence the last condition.
 */
export const OF_MESSAGE = 'r.id > m.id and r.id <= m.last_recipient_id and r.message_id = m.id';

/** Marks as names instead of bits. */
export function withMarks<T extends { readonly marks: number }>(row: T): Omit<T, 'marks'> & { marks: Mark[] } {
  return { ...row, marks: marksOf(row.marks) };
}

/** Names of all marks, for schemas. */
// Object.keys of a const object are exactly its keys.
export const MARK_NAMES = Object.keys(MARKS) as [Mark, ...Mark[]];
