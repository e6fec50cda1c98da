// This file says for every way that mail of a domain could take what receivers will find there, what reports say about it, and which records would open
// the better way: "publish these two records and your mail takes the better route".
import { type AlignmentVerdict, judgeAlignment } from '../delivery/alignment.ts';
import { type AlignmentWords, alignmentWords, betterWayWords } from '../delivery/alignment-words.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import type { RouteJudgement } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';
import type { Language } from '../language.ts';
import type { SendingDomain } from '../store/domains.ts';
import type { StoredProviderDomain } from '../store/provider-domains.ts';
import { type DomainIdentity, domainIdentity } from '../tenancy/domain-identity.ts';
import type { DmarcView } from './dmarc-view.ts';
import type { RecordView } from './domain-view.ts';
import type { RoutingTable } from './routing-table.ts';

export interface DomainAlignmentDeps {
  readonly routing: () => Pick<RoutingTable, 'decide' | 'route'>;
  readonly returnPathHost: string;
}

export interface AlignmentQuestion {
  readonly domain: SendingDomain;
  /** Its records as they are shown. */
  readonly records: readonly RecordView[];
  readonly atProviders: readonly StoredProviderDomain[];
  /** What reports say; the last 30 days. */
  readonly sources: DmarcView['sources'];
  readonly language: Language;
}

export interface RouteAlignment extends AlignmentVerdict {
  readonly accountId: string;
  readonly account: string;
  readonly provider: ProviderKind;
  readonly pool: string;
  /** Streams whose order this way stands in; the position is that of the first. */
  readonly streams: readonly Stream[];
  /** Streams whose mail takes it now. */
  readonly takes: readonly Stream[];
  readonly words: AlignmentWords;
  /** Records that would make it better and are not right yet. */
  readonly records: readonly RecordView[];
  /** Messages that receivers reported from this way, and how many of them they found aligned; null: none was reported. */
  readonly seen: { readonly messages: number; readonly aligned: number } | null;
  /** False: receivers find something else than this verdict says. Null: too little was reported. */
  readonly agrees: boolean | null;
}

export interface DomainAlignment {
  readonly domain: string;
  readonly policy: DomainIdentity['policy'];
  /** In the order of preference. */
  readonly routes: readonly RouteAlignment[];
  /** What would open a way that comes earlier in the order; null: mail takes the best there is. */
  readonly better: { readonly account: string; readonly words: string; readonly records: readonly RecordView[] } | null;
}

const STREAMS: readonly Stream[] = ['transactional', 'bulk'];
/** A usual message; only its From matters here. */
const SIZE_BYTES = 4096;
/** Fewer prove nothing: forwarders alone break as many. */
const SEEN_MESSAGES_MIN = 20;
/** Share of aligned messages at which receivers find what a verdict of "pass" promises; forwarding costs the rest. */
const SEEN_PASS_MIN = 0.9;
/** What reports call the sources behind an account (mail/domain-analysis); mail by a smarthost is found by our own marks. */
const SOURCES: Readonly<Record<ProviderKind, (source: DmarcView['sources'][number]) => boolean>> = {
  smtp: ({ kind }) => kind === 'ours',
  sparkpost: ({ kind, name }) => kind === 'provider' && name === 'SparkPost',
  'elastic-email': ({ kind, name }) => kind === 'provider' && name === 'Elastic Email',
  mandrill: ({ kind, name }) => kind === 'provider' && name === 'Mailchimp and Mandrill',
};

/** Judges all ways of a domain's mail. */
export function domainAlignment(deps: DomainAlignmentDeps, question: AlignmentQuestion): DomainAlignment {
  const { domain, language } = question;
  const identity = identityOf(domain);
  const decisions = STREAMS.map((stream) => ({ stream, judgements: judgementsOf(deps, domain, { stream, identity }) }));
  const byRoute = new Map<number, { judgement: RouteJudgement; streams: Stream[]; takes: Stream[] }>();
  for (const { stream, judgements } of decisions) {
    for (const judgement of judgements) {
      const met = byRoute.get(judgement.routeId) ?? { judgement, streams: [], takes: [] };
      met.streams.push(stream);
      if (judgement.chosen) met.takes.push(stream);
      byRoute.set(judgement.routeId, met);
    }
  }
  const routes = [...byRoute.values()].flatMap(({ judgement, streams, takes }) => {
    const judged = judgeRoute(deps, judgement, { ...question, identity });
    return judged ? [{ ...judged, streams, takes }] : [];
  });
  const closed = decisions.flatMap(({ judgements }) => closedBefore(judgements)).at(0);
  const opens = closed && routes.find(({ account }) => account === closed.account);
  return {
    domain: domain.name,
    policy: identity.policy,
    routes,
    better:
      opens === undefined || opens.records.length === 0
        ? null
        : { account: opens.account, words: betterWayWords(opens.records.length, language), records: opens.records },
  };
}

function identityOf(domain: SendingDomain): DomainIdentity {
  const { name, surroundings, sights, return_path_host: returnPathHost, authenticated } = domain;
  const inherited = sights['dmarc']?.found[0] ?? null;
  const signs = authenticated && domain.dkim.some(({ state }) => state === 'active');
  return domainIdentity(name, { name, dmarc: surroundings.dmarc ?? [], inherited, signs, returnPathHost });
}

function judgementsOf(
  deps: DomainAlignmentDeps,
  { tenant_id, name, authenticated }: SendingDomain,
  { stream, identity }: { stream: Stream; identity: DomainIdentity },
): readonly RouteJudgement[] {
  const asks = identity.policy !== null && identity.policy.p !== 'none';
  const { judgements } = deps.routing().decide({
    tenantId: tenant_id,
    stream,
    fromDomain: name,
    domainAuthenticated: authenticated,
    freeMailbox: false,
    ...(asks ? { identity } : {}),
    sizeBytes: SIZE_BYTES,
    refusedBy: [],
    mime: null,
  });
  return judgements;
}

/** The first way before the one that was taken that only records keep shut. */
function closedBefore(judgements: readonly RouteJudgement[]): RouteJudgement[] {
  const chosenAt = judgements.findIndex(({ chosen }) => chosen);
  const before = chosenAt === -1 ? judgements : judgements.slice(0, chosenAt);
  const found = before.find(({ code }) => code === 'domain-not-authenticated' || code === 'unproven');
  return found ? [found] : [];
}

function judgeRoute(
  deps: DomainAlignmentDeps,
  { routeId, account, provider, pool }: RouteJudgement,
  { identity, records, atProviders, sources, language }: AlignmentQuestion & { readonly identity: DomainIdentity },
): Omit<RouteAlignment, 'streams' | 'takes'> | null {
  const route = deps.routing().route(routeId);
  if (!route) return null;
  const accountId = route.account.id;
  const told = atProviders.find(({ account_id }) => account_id === accountId);
  const named = route.account.settings['return_path_domain'];
  const verdict = judgeAlignment(identity, {
    capabilities: route.adapter.capabilities,
    rewrittenDomain: null,
    atProvider: told && told.state !== 'asked' ? { state: told.state, signing: told.signing } : null,
    platformReturnPathHost: deps.returnPathHost,
    accountReturnPathDomain: typeof named === 'string' ? named : null,
  });
  const seen = seenOf(sources.filter(SOURCES[provider]));
  return {
    ...{ ...verdict, accountId, account, provider, pool, seen },
    words: alignmentWords(verdict, identity, language),
    records: records.filter((record) => lacking(record, verdict, told)),
    agrees: seen === null || seen.messages < SEEN_MESSAGES_MIN ? null : promised(verdict) === seen.aligned >= seen.messages * SEEN_PASS_MIN,
  };
}

function seenOf(sources: DmarcView['sources']): RouteAlignment['seen'] {
  const messages = sources.reduce((sum, source) => sum + source.messages, 0);
  return messages === 0 ? null : { messages, aligned: sources.reduce((sum, source) => sum + source.aligned, 0) };
}

function promised({ dkim, spf }: AlignmentVerdict): boolean {
  return dkim.aligned || spf.aligned;
}

/** Records of a provider carry its entry's id in theirs. */
function lacking({ id, purpose, state }: RecordView, { publish }: AlignmentVerdict, told: StoredProviderDomain | undefined): boolean {
  if (state === 'ok') return false;
  const atProvider = publish.includes('provider');
  if (purpose === 'provider') return atProvider && told !== undefined && id.includes(told.id);
  // An account that has told nothing goes by our own key.
  if (purpose === 'dkim' && atProvider && told === undefined) return true;
  return publish.some((wanted) => wanted === purpose);
}
