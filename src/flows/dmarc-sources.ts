// This file shows the sources of a domain: what reports counted from each, why it fails and what mends it, and what people said about it.
import type { Language } from '../language.ts';
import { sourceId, sourceKey, type Verdict } from '../mail/domain-analysis/judgement.ts';
import type { SourceKind } from '../mail/domain-analysis/source.ts';
import { type FailureCause, isNotOurs, type SourceGroup } from '../mail/domain-analysis/summary.ts';
import { domainWords, wordsOfSource } from '../mail/domain-analysis/words.ts';
import type { StoredJudgement } from '../store/source-judgements.ts';

export interface JudgementView {
  readonly verdict: Verdict;
  readonly note: string;
  readonly said_by: string;
  readonly said_at: string;
  /** False: it is said not to be ours, but carries mail of this desk, so it counts. */
  readonly holds: boolean;
}

export interface SourceView {
  /** Null: not one source, so nothing can be said about it. */
  readonly id: string | null;
  readonly kind: SourceKind;
  readonly name: string;
  readonly messages: number;
  readonly aligned: number;
  readonly spf_aligned: number;
  readonly dkim_aligned: number;
  readonly cause: FailureCause | null;
  readonly why: string;
  readonly next_step: string;
  readonly ip_count: number;
  readonly ips: SourceGroup['ips'];
  /** It carries mail of this desk: nobody can say that it is not ours. */
  readonly carries_ours: boolean;
  readonly judgement: JudgementView | null;
}

interface Counts {
  readonly messages: number;
  readonly aligned: number;
}

/** Largest first; then what the long tail of small ones comes to, then those that somebody judged and nobody reported. */
export function sourceViews(
  groups: readonly SourceGroup[],
  about: { readonly domain: string; readonly all: Counts; readonly said: readonly StoredJudgement[]; readonly language: Language },
): SourceView[] {
  const said = new Map(about.said.map((each) => [sourceKey(each), each]));
  const seen = new Set(groups.map(sourceKey));
  const shown = groups.map((group) => sourceView(group, said.get(sourceKey(group)), about));
  const unseen = about.said.filter((each) => !seen.has(sourceKey(each)));
  return [...shown, ...tailOf(about.all, shown, about.language), ...unseen.map((each) => unseenView(each, about.language))];
}

function sourceView(
  group: SourceGroup,
  said: StoredJudgement | undefined,
  { domain, language }: { readonly domain: string; readonly language: Language },
): SourceView {
  const { why, next } = wordsOfSource(group, domain, language);
  const { kind, name, messages, aligned } = group;
  return {
    ...{ id: sourceId(group), kind, name, messages, aligned, spf_aligned: group.spfAligned, dkim_aligned: group.dkimAligned },
    ...{ cause: group.cause, why, next_step: next, ip_count: group.ipCount, ips: group.ips, carries_ours: group.ownMarks > 0 },
    judgement: said === undefined ? null : judgementView(said, said.verdict === 'ours' || isNotOurs(group)),
  };
}

function judgementView({ verdict, note, said_by, said_at }: StoredJudgement, holds: boolean): JudgementView {
  return { verdict, note, said_by, said_at, holds };
}

const NOTHING = { messages: 0, aligned: 0, spf_aligned: 0, dkim_aligned: 0, cause: null, ip_count: 0, ips: [], carries_ours: false };

function unseenView(said: StoredJudgement, language: Language): SourceView {
  const { why, next } = domainWords(language).judged.unseen;
  const { source: id, kind, name } = said;
  return { ...NOTHING, id, kind, name, why, next_step: next, judgement: judgementView(said, true) };
}

/** What the long tail of small sources comes to, as one entry; nothing where every source is told. */
function tailOf(all: Counts, sources: readonly SourceView[], language: Language): SourceView[] {
  const messages = all.messages - sources.reduce((sum, source) => sum + source.messages, 0);
  const aligned = all.aligned - sources.reduce((sum, source) => sum + source.aligned, 0);
  if (messages <= 0) return [];
  const { why, next } = domainWords(language).tail;
  return [{ ...NOTHING, id: null, kind: 'unknown', name: '…', messages, aligned, why, next_step: next, judgement: null }];
}
