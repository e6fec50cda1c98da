// This file writes the log line of the list of messages: what was looked for and what of it needs a look.
import type { MessageRow, Page, RecipientState } from '../api/model.ts';
import type { Format } from '../format.ts';
import type { MessageFilters } from '../paths.ts';
import { paths } from '../paths.ts';
import { isState, stateWord } from '../states.ts';
import { messagesWords } from '../words/messages.words.ts';
import { streamNames } from '../words/states.words.ts';
import { numberWord, pick, plain } from '../words/words.ts';

const REFUSED: readonly RecipientState[] = ['bounced', 'failed', 'expired'];

export interface MessagesData {
  readonly page: Page<MessageRow>;
  readonly filters: MessageFilters;
  /** Name of the tenant filtered by, if one is. */
  readonly tenantName: string | null;
  readonly nowMs: number;
}

/** Where is this one? For a list: what was found, and how many of it did not go well. */
export function logLine(data: MessagesData, format: Format): string {
  const say = pick(messagesWords, format.lang);
  const { page, filters } = data;
  const what = lookedFor(data, format);
  const shown = page.data.length;
  if (what !== null) {
    if (shown === 0) return say.nobody(what);
    if (filters.after === undefined && page.next === null) return say.found(shown, what);
    return say.foundMore(format.int(shown), what);
  }
  const first = page.data[0];
  if (first === undefined) return filters.after === undefined ? say.nothingYet : say.nothingMore;
  const age = data.nowMs - Date.parse(first.created_at);
  const when = format.when(Date.parse(first.created_at), data.nowMs);
  const ago = age >= 60_000 && age < 3_600_000;
  const opening = filters.after === undefined ? (ago ? say.newestAgo : say.newest)(when, paths.message(first.id)) : say.older;
  return `${opening} ${verdict(page.data, format)}`;
}

function verdict(rows: readonly MessageRow[], format: Format): string {
  const say = pick(messagesWords, format.lang);
  const held = rows.filter((row) => (row.states.held ?? 0) > 0).length;
  if (held > 0) return say.wait(held);
  const refused = rows.filter((row) => REFUSED.some((state) => (row.states[state] ?? 0) > 0)).length;
  if (rows.length === 1) return refused === 0 ? say.oneWell : say.oneRefused;
  return refused === 0 ? say.allWell(format.int(rows.length)) : say.trouble(refused, format.int(rows.length));
}

function lookedFor({ filters, tenantName }: MessagesData, format: Format): string | null {
  const say = pick(messagesWords, format.lang);
  const { address, subject, id, state, stream, sender, waits_for: waits, tenant, time } = filters;
  const parts = [
    address === undefined ? '' : say.byAddress(plain(address)),
    subject === undefined ? '' : say.bySubject(plain(shortened(subject))),
    id === undefined ? '' : say.byId,
    state !== undefined && isState(state) ? say.byState(stateWord(state, format)) : '',
    stream === 'transactional' || stream === 'bulk' ? say.byStream(pick(streamNames, format.lang)[stream]) : '',
    sender === undefined ? '' : say.bySender(plain(sender)),
    waits === undefined ? '' : say.byWaiting,
    tenant === undefined ? '' : say.byTenant(plain(shortened(tenantName ?? '…'))),
    time === '1h' || time === '24h' || time === '7d' || time === '30d' ? say.byTime(timeWords(time, format)) : '',
  ].filter((part) => part !== '');
  if (parts.length > FILTERS_SAID_MAX) return say.byAll(numberWord(parts.length, format.lang));
  return parts.length === 0 ? null : parts.join(', ');
}

/** More filters than this make no sentence; the chips below say them all. */
const FILTERS_SAID_MAX = 3;
/** So that a long search text leaves room for the rest of the sentence. */
const QUOTED_WORDS_MAX = 5;

function shortened(text: string): string {
  const words = text.trim().split(/\s+/);
  return words.length <= QUOTED_WORDS_MAX ? text.trim() : `${words.slice(0, QUOTED_WORDS_MAX).join(' ')} …`;
}

function timeWords(time: '1h' | '24h' | '7d' | '30d', format: Format): string {
  const number = time.slice(0, -1);
  if (time.endsWith('h'))
    return format.lang === 'en' ? (time === '1h' ? 'an hour' : `${number} hours`) : time === '1h' ? 'einer Stunde' : `${number} Stunden`;
  return format.lang === 'en' ? `${number} days` : `${number} Tagen`;
}
