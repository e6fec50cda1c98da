// This file turns entries of a provider's suppression list into holds: of organisations whose mail went to the address over that account, by our
// own reading of the provider's words. Entries that prove nothing against the recipient are kept for the operator; those of strangers are
// counted and forgotten. Runs inside the transaction that notes the page as read.
import type pg from 'pg';
import type { ProviderAccount } from '../delivery/provider.ts';
import { judgeListed, type ListedAddress } from '../feedback/provider-list.ts';
import type { IdMint } from '../ids.ts';
import { addressKey, parseAddress } from '../mail/address.ts';
import { type HoldEvent, writeHoldEvents } from '../store/holds.ts';
import { wishAgain } from '../store/list-changes.ts';
import { type AddressFacts, type ListHold, putListEntries, putListHolds, type SeenEntry, whoseAddresses } from '../store/list-entries.ts';

export interface ListSource {
  readonly account: Pick<ProviderAccount, 'id' | 'name'>;
  /** The reading or look-up this belongs to. */
  readonly runId: string;
  /** A removal takes effect there within this time, seconds; until then the entry may still be seen. */
  readonly quietS: number;
}

/** Counts by name; their sums are what an operator sees of a reading. */
export type ListCounts = Record<string, number>;

const EVIDENCE_CHARS_MAX = 2_000;
const LABEL_CHARS_MAX = 200;

/** What stands as the source of a hold that only an account's list made. */
export function listSource(account: Pick<ProviderAccount, 'name'>): string {
  return `list of ${account.name}`;
}

/** Applies entries; answers what they came to. */
export async function applyListEntries(
  ids: IdMint,
  client: pg.PoolClient,
  source: ListSource,
  entries: readonly ListedAddress[],
): Promise<ListCounts> {
  const counts: ListCounts = { entries: entries.length };
  const count = (name: string, by = 1) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  const named = entries.flatMap((entry) => {
    const parsed = parseAddress(entry.address);
    if (parsed.ok) return [{ entry, address: addressKey(parsed.value.address) }];
    count('unreadable');
    return [];
  });
  const facts = groupByAddress(
    await whoseAddresses(
      client,
      source.account.id,
      named.map((each) => each.address),
    ),
  );
  const seen: SeenEntry[] = [];
  const holds = new Map<string, ListHold>();
  const released: { address: string; tenantId: string; releasedAtMs: number }[] = [];
  for (const { entry, address } of named) {
    const theirs = facts.get(address) ?? [];
    if (theirs.length === 0) {
      count('strangers');
      continue;
    }
    const verdicts = theirs.map((each) => ({ each, verdict: judgeListed(entry, { ...each, tenants: theirs.length }) }));
    for (const { each, verdict } of verdicts) {
      if (verdict.kind === 'hold') {
        const hold = holdOf(ids, source, each, { entry, stream: verdict.stream, reason: verdict.reason });
        // A page may name an address once per kind of mail; the wider hold is enough.
        const key = `${hold.tenantId} ${address} ${hold.stream ?? ''}`;
        if (!holds.has(key)) holds.set(key, hold);
      } else if (verdict.because === 'released-since' && each.releasedAtMs !== null) {
        released.push({ address, tenantId: each.tenantId, releasedAtMs: each.releasedAtMs });
      }
    }
    const leaves = verdicts.flatMap(({ verdict }) => (verdict.kind === 'leave' ? [verdict.because] : []));
    const verdict = leaves.length < verdicts.length ? 'hold' : (leaves[0] ?? 'hold');
    if (verdict !== 'hold') count(`left:${verdict}`);
    seen.push({ entry: cut(entry), address, verdict });
  }
  const wanted = withoutNarrower([...holds.values()]);
  const set = new Set(await putListHolds(client, wanted));
  if (wanted.length > 0) count('held', set.size);
  if (wanted.length > set.size) count('held_before', wanted.length - set.size);
  await writeHoldEvents(
    client,
    wanted.filter((hold) => set.has(hold.id)).map((hold) => created(ids, hold)),
  );
  await putListEntries(client, source.account.id, source.runId, seen);
  await wishAgain(client, source.account.id, released, source.quietS);
  return counts;
}

function groupByAddress(facts: readonly AddressFacts[]): Map<string, AddressFacts[]> {
  const groups = new Map<string, AddressFacts[]>();
  for (const each of facts) {
    const group = groups.get(each.address);
    if (group) group.push(each);
    else groups.set(each.address, [each]);
  }
  return groups;
}

function holdOf(
  ids: IdMint,
  source: ListSource,
  facts: AddressFacts,
  of: { entry: ListedAddress; stream: 'bulk' | null; reason: string },
): ListHold {
  const words = of.entry.diagnostic === null ? of.entry.label : `${of.entry.label}: ${of.entry.diagnostic}`;
  return {
    id: ids.next(),
    tenantId: facts.tenantId,
    address: facts.address,
    stream: of.stream,
    reason: of.reason,
    source: listSource(source.account),
    evidence: words.slice(0, EVIDENCE_CHARS_MAX),
    recipientId: facts.recipientId,
  };
}

/** A hold of everything makes one of bulk mail superfluous. */
function withoutNarrower(holds: readonly ListHold[]): ListHold[] {
  const wide = new Set(holds.filter((hold) => hold.stream === null).map((hold) => `${hold.tenantId} ${hold.address}`));
  return holds.filter((hold) => hold.stream === null || !wide.has(`${hold.tenantId} ${hold.address}`));
}

function created(ids: IdMint, hold: ListHold): HoldEvent {
  const { id, tenantId, address, stream, reason, source, evidence, recipientId } = hold;
  return {
    id: ids.next(),
    tenantId,
    type: 'hold.created',
    data: { hold_id: id, address, stream, class: reason, source, evidence, recipient_id: recipientId, expires_at: null, by: 'answers' },
  };
}

function cut(entry: ListedAddress): ListedAddress {
  return { ...entry, label: entry.label.slice(0, LABEL_CHARS_MAX), diagnostic: entry.diagnostic?.slice(0, EVIDENCE_CHARS_MAX) ?? null };
}
