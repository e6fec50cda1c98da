// This file takes out of decisions and events what is the platform's own business before an organisation sees them: names of provider accounts
// and pools, routes by number, and what ails an account. The kind of provider stays; every mail that arrives tells it anyway.

type Fields = Readonly<Record<string, unknown>>;

/** Fields of an event's data that name accounts or routes (`to`: the account a refused mail takes next; `signal`: what ails it). */
const OF_THE_PLATFORM: ReadonlySet<string> = new Set(['account', 'account_id', 'to', 'route', 'pool', 'signal']);
/** Fields with words that a provider said about our account, when the fault is ours. */
const WORDS_ABOUT_US: ReadonlySet<string> = new Set(['reply', 'diagnostic', 'provider_label']);
/** Sentences that name nobody, by code of the judgement. */
const NEUTRAL: Readonly<Record<string, string>> = {
  paused: 'The platform has paused this way.',
  'refused-already': 'This way refused this recipient already.',
  unwell: 'This way takes no mail at the moment.',
  'after-another': 'Another way comes first in the order.',
  'ip-blocked': 'The receiver refuses this way at the moment; another one takes the message.',
  unproven: 'The domain asks receivers to act on mail that cannot be proven; another way can prove it.',
  'only-way-unproven': 'The domain asks receivers to act on mail that cannot be proven, and no way that is open can prove it.',
  'only-way': 'The receiver refuses this way at the moment, and there is no other.',
};
/** Codes whose sentences speak of the message and the kind of provider only. */
const SAID_AS_IT_IS: ReadonlySet<string> = new Set([
  'chosen',
  'domain-not-authenticated',
  'free-mailbox',
  'too-large',
  'cannot-carry',
  'as-is-not-allowed',
  'rewritten',
  'rewritten-unseen',
  'rewriting-not-allowed',
  'rewriting-not-agreed',
  'signed-by-author',
]);

/** Data of an event as an organisation sees it. What lies with our accounts is said by its class alone: we are working on it. */
export function eventDataForTenant(data: Fields | null): Record<string, unknown> | null {
  if (data === null) return null;
  const ours = data['fault'] === 'operator';
  return Object.fromEntries(Object.entries(data).filter(([name]) => !OF_THE_PLATFORM.has(name) && !(ours && WORDS_ABOUT_US.has(name))));
}

/** Details of a line of the audit log as an organisation sees them: what was changed for it, without the accounts that it was changed to. */
export function auditDetailForTenant(detail: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(detail).filter(([name]) => !ACCOUNTS_OF_A_CHANGE.has(name)));
}

const ACCOUNTS_OF_A_CHANGE: ReadonlySet<string> = new Set(['account', 'account_id', 'accountId', 'accounts']);

/** A stored decision as an organisation sees it. Older ones are read as they were written: what has no code says only where it stopped. */
export function decisionForTenant(decision: Fields | null): Record<string, unknown> | null {
  if (decision === null) return null;
  const { routeId: _, judgements, facts, better, ...rest } = decision;
  const domain = isFields(facts) && typeof facts['domain'] === 'string' ? facts['domain'] : null;
  return {
    ...rest,
    better: betterForTenant(better, rest['betterCode'], domain),
    facts: domain === null ? {} : { domain },
    judgements: Array.isArray(judgements) ? judgements.filter(isFields).map(judgementForTenant) : [],
  };
}

/** What is about From names no account and is said as it is; what an authenticated domain would open is the platform's own business. */
function betterForTenant(better: unknown, code: unknown, domain: string | null): unknown {
  if (!better) return null;
  if (typeof code === 'string' && code !== 'authenticate-domain') return better;
  return `Authenticate ${domain ?? 'the domain in From'} (SPF and DKIM) and this mail can take a better way.`;
}

function judgementForTenant({ provider, treatment, chosen, stoppedAt, because, code, facts }: Fields): Record<string, unknown> {
  const known = typeof code === 'string' ? code : null;
  const { first: _, health: __, incident: ___, words: ____, ...shown } = isFields(facts) ? facts : {};
  return {
    provider,
    ...(treatment === undefined ? {} : { treatment }),
    chosen,
    stoppedAt,
    because:
      known !== null && SAID_AS_IT_IS.has(known)
        ? because
        : (NEUTRAL[known ?? ''] ?? (chosen === true ? 'This way was taken.' : 'This way was not taken.')),
    code: known,
    facts: shown,
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
