// This file reads and changes SparkPost's suppression list: a page at a time by cursor, per kind of mail, and each subaccount has its own.
import type { ListAddition, ListAnswer, ListPage, ProviderSuppressions } from '../../delivery/provider-list.ts';
import { type ListedAddress, type ListedWhy, listedBounceClass } from '../../feedback/provider-list.ts';
import { sparkpostWords } from '../../feedback/suppression-formats/sparkpost-words.ts';
import type { HttpExchange, ProviderHttp } from '../http.ts';
import { type ListTable, type ListWords, readList, rowsOf, statusOf, unreadable } from '../list-answer.ts';
import { type Json, objectOf, textOf, timeOf } from '../webhook-reading.ts';

/** SparkPost gives up to 10,000; with long descriptions that many would not fit into one answer (http.ts). */
export const SPARKPOST_PAGE_MAX = 2_000;
/** A cursor is some hundred characters. */
const CURSOR_MAX_CHARS = 4_000;
/** Marks what we put there ourselves. */
const OURS = /^packetboat:/i;

const SOURCES: Readonly<Record<string, ListedWhy>> = {
  'Spam Complaint': 'complaint',
  'List Unsubscribe': 'unsubscribe',
  'Unsubscribe Link': 'unsubscribe',
  'Bounce Rule': 'bounce',
  'Manually Added': 'manual',
  // SparkPost's own people; such rows cannot be changed.
  Compliance: 'provider',
};

/** What a refusal of SparkPost's management API looks like. */
export const sparkpostListWords: ListWords = (body) => {
  const errors = objectOf(body)['errors'];
  const first = objectOf(Array.isArray(errors) ? errors[0] : undefined);
  const text = [textOf(first['message']), textOf(first['description'])].filter((part) => part !== null).join(': ');
  return Array.isArray(errors) ? { code: textOf(first['code']) ?? '', text } : null;
};

const TABLE: ListTable = {
  words: sparkpostListWords,
  forbids: ({ status, text }) => (status === 403 && /compliance/i.test(text)) || status === 400 || status === 422,
};

export interface SparkpostListDeps {
  readonly http: ProviderHttp;
  readonly headers: () => Record<string, string>;
  readonly subaccount: number | undefined;
  readonly nowMs: () => number;
}

/** The list behind one account, or behind its subaccount where the settings name one. */
export function sparkpostSuppressions(deps: SparkpostListDeps): ProviderSuppressions {
  const call = (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: Json): Promise<HttpExchange> =>
    deps.http.call({
      method,
      path: `/suppression-list${path}`,
      headers: deps.headers(),
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
  return {
    ownList: deps.subaccount !== undefined && deps.subaccount > 0,
    async list(sinceMs, cursor) {
      const from = sinceMs === null ? {} : { from: `${new Date(sinceMs).toISOString().slice(0, 19)}Z` };
      const query = new URLSearchParams({ ...from, cursor: cursor ?? 'initial', per_page: String(SPARKPOST_PAGE_MAX) });
      return pageOf(readList(await call('GET', `?${query}`), TABLE, deps.nowMs()), deps.subaccount);
    },
    async look(address) {
      const exchange = await call('GET', `/${encodeURIComponent(address)}`);
      if (statusOf(exchange) === 404) return { ok: true, value: [] };
      const page = pageOf(readList(exchange, TABLE, deps.nowMs()), deps.subaccount);
      return page.ok ? { ok: true, value: page.value.entries } : page;
    },
    async add(addition) {
      const answer = readList(await call('PUT', '', { recipients: rowsFor(addition) }), TABLE, deps.nowMs());
      return answer.ok ? { ok: true, value: 'added' } : answer;
    },
    async remove(address) {
      // Without a type both kinds of mail are freed.
      const exchange = await call('DELETE', `/${encodeURIComponent(address)}`);
      if (statusOf(exchange) === 404) return { ok: true, value: 'absent' };
      const answer = readList(exchange, TABLE, deps.nowMs());
      return answer.ok ? { ok: true, value: 'removed' } : answer;
    },
  };
}

function pageOf(answer: ListAnswer<unknown>, subaccount: number | undefined): ListAnswer<ListPage> {
  if (!answer.ok) return answer;
  const body = objectOf(answer.value);
  const rows = rowsOf(body['results']);
  if (rows === null) return unreadable(200);
  // Without a subaccount in the settings SparkPost answers for all of them; theirs are other people's lists.
  const own = rows.filter((row) => (textOf(row['subaccount_id']) ?? '0') === '0' || subaccount !== undefined);
  const entries = own.flatMap((row) => entryOf(row) ?? []);
  // The last page may repeat a link; a page without rows ends the reading.
  return { ok: true, value: { entries, next: rows.length === 0 ? null : nextCursor(body['links']), truncated: false } };
}

/** `links` is a list of {rel, href} here and an object of names elsewhere; both are understood. */
function nextCursor(links: unknown): string | null {
  const named = rowsOf(links)?.find((link) => link['rel'] === 'next')?.['href'] ?? objectOf(links)['next'];
  const href = typeof named === 'string' ? named : textOf(objectOf(named)['href']);
  const query = href?.split('?')[1];
  const cursor = query === undefined ? null : new URLSearchParams(query).get('cursor');
  return cursor === null || cursor === '' || cursor.length > CURSOR_MAX_CHARS ? null : cursor;
}

function entryOf(row: Json): ListedAddress | null {
  const address = textOf(row['recipient']);
  if (address === null) return null;
  const label = textOf(row['source']) ?? 'no source';
  const description = textOf(row['description']);
  const why = SOURCES[label] ?? 'provider';
  return {
    address,
    stream: row['type'] === 'transactional' ? 'transactional' : row['type'] === 'non_transactional' ? 'bulk' : null,
    why,
    label,
    class: why === 'bounce' ? listedBounceClass(sparkpostWords(description), 'invalid-recipient') : null,
    atMs: timeOf(row['updated']) ?? timeOf(row['created']),
    expiresAtMs: null,
    diagnostic: description,
    ours: why === 'manual' && description !== null && OURS.test(description),
  };
}

function rowsFor({ address, stream, why }: ListAddition): Json[] {
  const types = stream === null ? ['transactional', 'non_transactional'] : [stream === 'bulk' ? 'non_transactional' : 'transactional'];
  return types.map((type) => ({ recipient: address, type, description: `Packetboat: ${why}` }));
}
