// This file is what a person says about a source: it is ours and needs its fix, or it is not ours and a stricter policy is meant for it.
import { createHash } from 'node:crypto';
import type { Source } from './source.ts';

/** ours: legitimate mail of the organisation, whatever carries it · not-ours: somebody else writes in its name. */
export const VERDICTS = ['ours', 'not-ours'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A note stands in sentences ("the scanner at the office"), so it is a name and no story. */
export const NOTE_CHARS_MAX = 80;

export interface Judgement {
  readonly verdict: Verdict;
  /** What people call the source; '': nothing was said. */
  readonly note: string;
}

/** By `sourceKey`. */
export type Judgements = ReadonlyMap<string, Judgement>;

/** What tells sources of one domain apart: what they are, and their name or network. Addresses behind a name come and go without changing it. */
export function sourceKey({ kind, name }: Source): string {
  return `${kind} ${name}`;
}

/** Reports that name no address: whoever sent that is not one source. */
const NOBODY = '?';
const ID_CHARS = 32;

/** The id of a source, the same for every domain and every range of days; null for what is not one source. 32 characters of hexadecimal. */
export function sourceId(source: Source): string | null {
  if (source.name === NOBODY) return null;
  return createHash('sha256').update(sourceKey(source)).digest('hex').slice(0, ID_CHARS);
}
