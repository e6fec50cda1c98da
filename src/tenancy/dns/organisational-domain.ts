// This file finds the organisational domain of a name, in both ways receivers use: by the public suffix list (RFC 7489) and by walking up the
// tree of `_dmarc` records (RFC 9989 §4.10).
import { getDomain } from 'tldts';
import { chooseDmarcRecord, type DmarcRecord } from './dmarc-record.ts';
import { type DnsLookup, plainName } from './lookup.ts';

/** §4.10: names with more labels jump to their last seven, so that nobody asks more than eight times. */
const WALK_LABELS_MAX = 8;
const WALK_LABELS_AFTER_JUMP = 7;

export interface WalkStep {
  readonly name: string;
  readonly text: string | null;
  readonly psd: 'y' | 'n' | 'u' | null;
}

export interface TreeWalk {
  /** Null where a step was not answered, so that nobody can know. */
  readonly domain: string | null;
  /** The record that counts for the name: its own, else the organisational domain's, else that of the public suffix. */
  readonly record: { readonly host: string; readonly text: string; readonly value: DmarcRecord } | null;
  readonly steps: readonly WalkStep[];
  readonly unreachable: string | null;
}

/** By the public suffix list, without its private part (github.io counts as a domain); the name itself where it has no registrable part. */
export function organisationalDomain(name: string): string {
  const plain = plainName(name);
  return getDomain(plain, { allowPrivateDomains: false }) ?? plain;
}

/** By the tree walk. Steps are asked one after the other, as receivers do; a step without an answer ends the walk. */
export async function walkTree(lookup: Pick<DnsLookup, 'txt'>, name: string): Promise<TreeWalk> {
  const start = plainName(name);
  const steps: WalkStep[] = [];
  const found: { host: string; text: string; value: DmarcRecord }[] = [];
  for (const host of walkNames(start)) {
    const answer = await lookup.txt(`_dmarc.${host}`);
    if (!answer.ok && answer.why === 'unreachable') return { domain: null, record: null, steps, unreachable: answer.detail };
    const choice = chooseDmarcRecord(answer.ok ? answer.values : []);
    const record = choice.kind === 'record' ? { host, text: choice.text, value: choice.record } : null;
    steps.push({ name: host, text: record?.text ?? null, psd: record?.value.psd ?? null });
    if (record === null) continue;
    found.push(record);
    // psd=n ends the walk at once; psd=y does above the start, because nothing above a public suffix belongs to it.
    if (record.value.psd === 'n' || (record.value.psd === 'y' && host !== start)) break;
  }
  const domain = domainOfWalk(start, found);
  const own = found.find(({ host }) => host === start);
  const suffix = found.find(({ host, value }) => value.psd === 'y' && domain.endsWith(`.${host}`));
  return { domain, record: own ?? found.find(({ host }) => host === domain) ?? suffix ?? null, steps, unreachable: null };
}

/** From the longest name to the shortest: psd=n is the domain, psd=y has it one label below, else the shortest name with a record. */
function domainOfWalk(start: string, found: readonly { readonly host: string; readonly value: DmarcRecord }[]): string {
  for (const { host, value } of found) {
    if (value.psd === 'n') return host;
    if (value.psd === 'y' && host !== start) return labelBelow(start, host);
  }
  return found.at(-1)?.host ?? start;
}

function labelBelow(name: string, suffix: string): string {
  const label =
    name
      .slice(0, -suffix.length - 1)
      .split('.')
      .at(-1) ?? '';
  return `${label}.${suffix}`;
}

function walkNames(start: string): string[] {
  const labels = start.split('.');
  const names = [start];
  let rest = labels.length > WALK_LABELS_MAX - 1 ? labels.slice(-WALK_LABELS_AFTER_JUMP) : labels.slice(1);
  for (; rest.length > 0; rest = rest.slice(1)) names.push(rest.join('.'));
  return names;
}
