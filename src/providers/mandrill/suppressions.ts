// This file reads and changes Mandrill's denylist: at most 1,000 entries in one answer and no way to ask for more, so what is missing there is
// looked up address by address.
import type { ProviderSuppressions } from '../../delivery/provider-list.ts';
import { type ListedAddress, type ListedWhy, listedBounceClass } from '../../feedback/provider-list.ts';
import type { HttpExchange } from '../http.ts';
import { type ListTable, readList, rowsOf, unreadable } from '../list-answer.ts';
import { type Json, objectOf, textOf } from '../webhook-reading.ts';

/** What `rejects/list` gives at most. */
export const MANDRILL_LIST_MAX = 1_000;
/** Marks what we put there ourselves. */
const OURS = /^packetboat:/i;

const REASONS: Readonly<Record<string, ListedWhy>> = {
  'hard-bounce': 'bounce',
  'soft-bounce': 'bounce',
  spam: 'complaint',
  unsub: 'unsubscribe',
  custom: 'manual',
};

/** What Mandrill's refusals look like; the other calls of its management API answer the same. */
export const MANDRILL_LIST_TABLE: ListTable = {
  words(body) {
    const fields = objectOf(body);
    const name = textOf(fields['name']);
    return fields['status'] === 'error' && name !== null ? { code: name, text: textOf(fields['message']) ?? '' } : null;
  },
  // An address on the allowlist cannot be denied, and the other way round.
  forbids: ({ code }) => code === 'ValidationError',
  accountCodes: ['Invalid_Key', 'PaymentRequired', 'Unknown_Subaccount'],
};

export interface MandrillListDeps {
  /** One call of the API; the key is added to the parameters. */
  readonly ask: (path: string, parameters: Json) => Promise<HttpExchange>;
  readonly subaccount: string | undefined;
  readonly nowMs: () => number;
}

export function mandrillSuppressions(deps: MandrillListDeps): ProviderSuppressions {
  const place = deps.subaccount === undefined ? {} : { subaccount: deps.subaccount };
  const call = async (path: string, parameters: Json) =>
    readList(await deps.ask(`/rejects/${path}.json`, { ...parameters, ...place }), MANDRILL_LIST_TABLE, deps.nowMs());
  return {
    ownList: deps.subaccount !== undefined,
    async list() {
      const answer = await call('list', { include_expired: false });
      if (!answer.ok) return answer;
      const rows = rowsOf(answer.value);
      if (rows === null) return unreadable(200);
      return { ok: true, value: { entries: rows.flatMap((row) => entryOf(row)), next: null, truncated: rows.length >= MANDRILL_LIST_MAX } };
    },
    async look(address) {
      const answer = await call('list', { email: address, include_expired: false });
      if (!answer.ok) return answer;
      const rows = rowsOf(answer.value);
      if (rows === null) return unreadable(200);
      const entries = rows.flatMap((row) => entryOf(row)).filter((entry) => entry.address.toLowerCase() === address.toLowerCase());
      return { ok: true, value: entries };
    },
    async add({ address, why }) {
      const answer = await call('add', { email: address, comment: `Packetboat: ${why}` });
      return answer.ok ? { ok: true, value: 'added' } : answer;
    },
    async remove(address) {
      const answer = await call('delete', { email: address });
      if (answer.ok) return { ok: true, value: objectOf(answer.value)['deleted'] === false ? 'absent' : 'removed' };
      return /^\d+ Unknown_Reject\b/.test(answer.reason) ? { ok: true, value: 'absent' } : answer;
    },
  };
}

function entryOf(row: Json): ListedAddress[] {
  const address = textOf(row['email']);
  if (address === null || row['expired'] === true) return [];
  const label = textOf(row['reason']) ?? 'no reason';
  const detail = textOf(row['detail']);
  const why = REASONS[label] ?? 'provider';
  const fallback = label === 'hard-bounce' ? 'invalid-recipient' : 'unclassified';
  return [
    {
      address,
      stream: null,
      why,
      label,
      class: why === 'bounce' ? listedBounceClass(detail?.replace(/^smtp; */i, '') ?? null, fallback) : null,
      atMs: mandrillTime(textOf(row['last_event_at'])) ?? mandrillTime(textOf(row['created_at'])),
      // Hard bounces fall off too, months later; only soon ones are passing.
      expiresAtMs: label === 'soft-bounce' ? (mandrillTime(textOf(row['expires_at'])) ?? 0) : null,
      diagnostic: detail,
      ours: label === 'custom' && detail !== null && OURS.test(detail),
    },
  ];
}

/** `2026-10-01 10:00:00`, UTC. */
function mandrillTime(text: string | null): number | null {
  if (text === null) return null;
  const ms = Date.parse(/[zZ+]/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isFinite(ms) ? ms : null;
}
