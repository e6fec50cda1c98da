// This file asks Elastic Email's event log for the receiver's words: its webhooks carry a category alone (GET /events/{transaction}).
import type { AnswerWords } from '../../delivery/provider.ts';
import type { HttpExchange, ProviderHttp } from '../http.ts';
import { rowsOf } from '../list-answer.ts';
import { textOf } from '../webhook-reading.ts';

/** A transaction of ours has one recipient and a handful of events. */
const EVENTS_MAX = 100;
/** What says why something did not arrive. */
const TELLING: ReadonlySet<string> = new Set(['bounce', 'failedattempt']);

/** Never rejects. */
export async function elasticWords(
  http: ProviderHttp,
  headers: Record<string, string>,
  answer: { readonly providerMessageId: string; readonly recipient: string | null },
): Promise<AnswerWords> {
  const path = `/events/${encodeURIComponent(answer.providerMessageId)}?limit=${EVENTS_MAX}`;
  return read(await http.call({ method: 'GET', path, headers }), answer.recipient);
}

function read(exchange: HttpExchange, recipient: string | null): AnswerWords {
  if (exchange.kind !== 'answer') return { kind: 'failed', reason: exchange.reason };
  if (exchange.status === 404) return { kind: 'none' };
  if (exchange.status !== 200) return { kind: 'failed', reason: `the event log answered ${exchange.status}` };
  const rows = rowsOf(parse(exchange.text));
  if (rows === null) return { kind: 'failed', reason: 'the event log answered something that is no list' };
  const said = rows
    .filter((row) => TELLING.has(textOf(row['EventType'])?.toLowerCase() ?? ''))
    .filter((row) => recipient === null || textOf(row['To'])?.toLowerCase() === recipient.toLowerCase())
    .flatMap((row) => {
      const words = textOf(row['Message'])?.trim() ?? '';
      return words === '' ? [] : [{ words, at: textOf(row['EventDate']) ?? '' }];
    })
    // The last word counts, however the log is ordered; dates without a zone sort as they are written.
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .at(-1);
  return said === undefined ? { kind: 'none' } : { kind: 'words', words: said.words };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
