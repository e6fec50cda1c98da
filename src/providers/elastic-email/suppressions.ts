// This file reads and changes Elastic Email's suppressions: three lists (bounces, complaints, unsubscribes), read by offset, without a time
// to ask from.
import type { ListAnswer, ListPage, ProviderSuppressions } from '../../delivery/provider-list.ts';
import { type ListedAddress, type ListedWhy, listedBounceClass } from '../../feedback/provider-list.ts';
import type { HttpExchange, ProviderHttp } from '../http.ts';
import { type ListTable, type ListWords, readList, rowsOf, statusOf, unreadable } from '../list-answer.ts';
import { type Json, objectOf, textOf } from '../webhook-reading.ts';
import { elasticTime } from './events.ts';

/** The page size of its other lists; this one names none. */
export const ELASTIC_PAGE_MAX = 1_000;
/** A search for one address finds those that hold it as a part, too. */
const SEARCH_MAX = 100;
/** Rows read again between two pages: what was taken off meanwhile moves the rest up, and moved rows must not be skipped. */
const OVERLAP = 50;

const LISTS = ['bounces', 'complaints', 'unsubscribes'] as const;
type List = (typeof LISTS)[number];
const WHY: Readonly<Record<List, ListedWhy>> = { bounces: 'bounce', complaints: 'complaint', unsubscribes: 'unsubscribe' };
const LABELS: Readonly<Record<List, string>> = { bounces: 'Bounce', complaints: 'Complaint', unsubscribes: 'Unsubscribe' };

/** What a refusal of Elastic Email's management API looks like. */
export const elasticListWords: ListWords = (body) => {
  const error = textOf(objectOf(body)['Error']);
  return error === null ? null : { code: '', text: error };
};

const TABLE: ListTable = {
  words: elasticListWords,
  forbids: ({ status }) => status === 400 || status === 422,
};

export interface ElasticListDeps {
  readonly http: ProviderHttp;
  readonly headers: () => Record<string, string>;
  readonly nowMs: () => number;
}

export function elasticSuppressions(deps: ElasticListDeps): ProviderSuppressions {
  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<HttpExchange> =>
    deps.http.call({
      method,
      path: `/suppressions/${path}`,
      headers: deps.headers(),
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
  const read = async (list: List, query: Record<string, string>): Promise<ListAnswer<Json[]>> => {
    const answer = readList(await call('GET', `${list}?${new URLSearchParams(query)}`), TABLE, deps.nowMs());
    if (!answer.ok) return answer;
    const rows = rowsOf(answer.value);
    return rows === null ? unreadable(200) : { ok: true, value: rows };
  };
  return {
    // A subaccount is chosen by its key; nothing in the answers says whose key it is.
    ownList: false,
    async list(_sinceMs, cursor) {
      const place = placeOf(cursor);
      const answer = await read(place.list, { limit: String(ELASTIC_PAGE_MAX), offset: String(place.offset) });
      return answer.ok ? { ok: true, value: pageOf(place, answer.value) } : answer;
    },
    async look(address) {
      const found: ListedAddress[] = [];
      for (const list of LISTS) {
        const answer = await read(list, { search: address, limit: String(SEARCH_MAX) });
        if (!answer.ok) return answer;
        found.push(...entriesOf(list, answer.value).filter((entry) => entry.address.toLowerCase() === address.toLowerCase()));
      }
      return { ok: true, value: found };
    },
    async add({ address, why }) {
      const list: List = why === 'complaint' ? 'complaints' : 'unsubscribes';
      const answer = readList(await call('POST', list, [address]), TABLE, deps.nowMs());
      return answer.ok ? { ok: true, value: 'added' } : answer;
    },
    async remove(address) {
      const exchange = await call('DELETE', encodeURIComponent(address));
      if (statusOf(exchange) === 404) return { ok: true, value: 'absent' };
      const answer = readList(exchange, TABLE, deps.nowMs());
      return answer.ok ? { ok: true, value: 'removed' } : answer;
    },
  };
}

interface Place {
  readonly list: List;
  readonly offset: number;
}

/** `complaints:2000`; a word that is none begins anew. */
function placeOf(cursor: string | null): Place {
  const [name, offset = ''] = cursor?.split(':') ?? [];
  const list = LISTS.find((each) => each === name);
  return list === undefined || !/^\d{1,9}$/.test(offset) ? { list: 'bounces', offset: 0 } : { list, offset: Number(offset) };
}

function pageOf(place: Place, rows: readonly Json[]): ListPage {
  const full = rows.length >= ELASTIC_PAGE_MAX;
  const following = LISTS[LISTS.indexOf(place.list) + 1];
  const next = full ? `${place.list}:${place.offset + rows.length - OVERLAP}` : following === undefined ? null : `${following}:0`;
  return { entries: entriesOf(place.list, rows), next, truncated: false };
}

function entriesOf(list: List, rows: readonly Json[]): ListedAddress[] {
  return rows.flatMap((row) => {
    const address = textOf(row['Email']);
    return address === null ? [] : [entryOf(list, address, row)];
  });
}

function entryOf(list: List, address: string, row: Json): ListedAddress {
  const words = textOf(row['FriendlyErrorMessage']);
  const code = textOf(row['ErrorCode']);
  // The words mostly begin with the code themselves.
  const bare = code === null || code === '0' || words?.startsWith(code) === true;
  const diagnostic = bare ? words : [code, words].filter((part) => part !== null).join(' ');
  // A bounce without a word of the receiver was typed in by a person: they are listed through the same door.
  const why = list === 'bounces' && diagnostic === null ? 'manual' : WHY[list];
  return {
    address,
    stream: null,
    why,
    label: LABELS[list],
    class: why === 'bounce' ? listedBounceClass(diagnostic, 'unclassified') : null,
    atMs: elasticTime(textOf(row['DateUpdated'])),
    expiresAtMs: null,
    diagnostic,
    ours: false,
  };
}
