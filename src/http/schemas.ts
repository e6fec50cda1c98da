// This file holds the zod schemas that several resources share. One schema gives types, validation and the API description.
// A message that begins with a code of the catalogue ("NOT_FOUND: …") makes a refusal with that code.
import { z } from 'zod';
import { COUNTED_CLASSES } from '../delivery/counting.ts';
import { MAILBOX_PROVIDERS } from '../delivery/mailbox-provider.ts';
import { RECIPIENT_STATES } from '../delivery/states.ts';
import { TOLD_EVENTS, unknownEventType } from '../delivery/told-events.ts';
import { FAULTS } from '../feedback/vocabulary.ts';
import { MARK_NAMES } from '../store/message-rows.ts';
import { CURSOR_CHARS_MAX } from './cursor.ts';

/** Rows on a page. */
export const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

/** Written as it is stored, so that ids may be compared: whoever asks may write it in capitals. */
export const Id = z.guid({ error: 'REQUEST_INVALID: This is not an id.' }).toLowerCase().meta({ description: 'UUID' });
/** An id in the path: one that cannot exist is simply not there. */
const PathId = z.guid({ error: 'NOT_FOUND: There is nothing under this id.' }).toLowerCase();
export const IdParams = z.object({ id: PathId });
export const Time = z.iso.datetime({ offset: true }).meta({ description: 'ISO 8601 time with a zone' });
/** Nothing is stored from before 1970 or after this, and not every clock can write such times. */
const SEARCH_END_MS = Date.UTC(9999, 0);
/** A time that only narrows a search. A day is its first moment, no zone is UTC, and a "+" that the address turned into a blank is one again. */
export const SearchTime = z
  .string()
  .max(40)
  .transform((value) => {
    const time = value
      .trim()
      .replace(/^(\d{4}-\d\d-\d\d)$/, '$1T00:00:00')
      .replace(/ (?=\d\d:\d\d$)/, '+')
      .replace(' ', 'T');
    return /(Z|[+-]\d\d:\d\d)$/i.test(time.slice(10)) ? time : `${time}Z`;
  })
  .pipe(z.iso.datetime({ offset: true, error: 'write a time such as 2026-03-01T09:00:00Z' }))
  .transform((time) => new Date(Math.min(Math.max(Date.parse(time), 0), SEARCH_END_MS)).toISOString())
  .meta({ description: 'ISO 8601 time or day; without a zone it is UTC.' });
/** A time in an answer; it was written by us. */
export const TimeOut = z.string().meta({ format: 'date-time' });
export const StreamName = z.enum(['transactional', 'bulk'], {
  error: 'STREAM_INVALID: There is no such stream; there are transactional and bulk.',
});
export const StateName = z.enum(RECIPIENT_STATES);
export const MarkName = z.enum(MARK_NAMES);
/** A word of a closed list that narrows a search: with another one nobody would ever find anything. */
export function closedWord(what: string, words: readonly string[]) {
  return z.enum(words, { error: ({ input }) => `there is no ${what} "${String(input).slice(0, 50)}"; there are ${words.join(', ')}` });
}
export const ClassFilter = closedWord('class', COUNTED_CLASSES).meta({ description: 'Class of the answer, or what stopped it here.' });
export const FaultFilter = closedWord('fault', [...FAULTS, 'none']).meta({ description: 'Whose turn it is, or "none".' });
export const MailboxProviderFilter = closedWord('mailbox provider', MAILBOX_PROVIDERS);
/** A word that some event has: with another one nobody would ever hear anything. */
export const EventType = z
  .string()
  .refine((type) => unknownEventType([type]) === null, {
    error: ({ input }) => `there is no event "${String(input).slice(0, 50)}"; there are ${TOLD_EVENTS.join(', ')}`,
  })
  .meta({ description: `One of ${TOLD_EVENTS.join(', ')}.` });
export const TenantId = Id.optional().meta({
  description: 'For operators: the organisation to act for. Keys of an organisation need not give it.',
});
export const After = z.string().max(CURSOR_CHARS_MAX).optional().meta({ description: 'The "next" value of the page before.' });
export const Limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(LIMIT_MAX)
  .default(LIMIT_DEFAULT)
  .meta({ description: `Rows on a page, at most ${LIMIT_MAX}.` });

/** What every list takes. */
export const ListQuery = z.strictObject({ tenant_id: TenantId, after: After, limit: Limit });
/** What every object takes beside its id. */
export const ObjectQuery = z.strictObject({ tenant_id: TenantId });

export function pageSchema<T extends z.ZodType>(row: T) {
  return z.object({
    data: z.array(row),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null at the end.' }),
  });
}

export const StateCounts = z
  .partialRecord(StateName, z.number())
  .meta({ description: 'Recipients by state; states without any are left out.' });

export const Problem = z
  .object({
    type: z.string().meta({ description: 'Address of a page about this code.' }),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable code to match on.' }),
    hint: z.string().meta({ description: 'What to do next.' }),
    field: z.string().optional().meta({ description: 'The field that is wrong, as you wrote it.' }),
    errors: z.array(z.object({ field: z.string().optional(), detail: z.string() })).optional(),
    request_id: z.string(),
  })
  .meta({ id: 'Problem', description: 'A refusal (RFC 9457).' });

/** Nothing is answered. */
export const Empty = z.undefined().meta({ description: 'Done; there is nothing to say.' });
