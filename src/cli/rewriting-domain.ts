// This file is `packetboat senders domain`: the rewriting domain with the records that prove it, and its DKIM keys.
import { AppError } from '../errors.ts';
import type { Verb, VerbContext } from './verbs.ts';

interface RewritingDomain {
  readonly domain: string;
  readonly records: readonly { type: string; host: string; value: string; state: string; found: readonly string[]; next: string | null }[];
}

interface Key {
  readonly id: string;
  readonly selector: string;
  readonly state: string;
  readonly since: string;
  readonly trouble: string | null;
}

const URL = '/v1/rewriting/keys';

export const rewritingDomainVerb: Verb = {
  form: '[--rotate | --check | --revoke SELECTOR]',
  about:
    'Show the rewriting domain with its keys and the records that prove it, as they stand in the DNS now. --rotate makes the next key, --check looks for it, --revoke ends one at once because others may have it.',
  words: 0,
  options: { rotate: { type: 'boolean' }, check: { type: 'boolean' }, revoke: { type: 'string' } },
  run: async (context) => {
    const { api, flag, option, print } = context;
    const revoke = option('revoke');
    if (flag('rotate')) await api.ask('POST', `${URL}/rotate`);
    if (flag('check')) await api.ask('POST', `${URL}/check`);
    const ended = revoke === undefined ? null : await revokeKey(context, revoke);
    // The shapes of these two addresses.
    const { data: keys } = (await api.ask('GET', URL)) as { data: Key[] };
    const domain = (await api.ask('GET', '/v1/rewriting')) as RewritingDomain;
    print({ ...domain, keys }, [...(ended === null ? [] : [ended, '']), domainInWords(domain, keys)].join('\n'));
  },
};

async function revokeKey({ api }: VerbContext, selector: string): Promise<string> {
  // The shape of this one address.
  const { data } = (await api.ask('GET', URL)) as { data: Key[] };
  const key = data.find((each) => each.selector === selector || each.id === selector);
  if (!key)
    throw new AppError('NOT_FOUND', `The rewriting domain has no key ${selector}.`, { hint: 'packetboat senders domain lists them.' });
  // As above.
  const { stops_within_s: seconds } = (await api.ask('POST', `${URL}/${key.id}/revoke`)) as { stops_within_s: number };
  return `${selector} is erased; no node signs with it for longer than ${seconds} seconds from now. Empty its record, and publish that of the next key.`;
}

function domainInWords({ domain, records }: RewritingDomain, keys: readonly Key[]): string {
  const lines = records.flatMap(({ type, host, value, state, found, next }) => [
    `${type}  ${host}  ${state}`,
    `    ${value}`,
    ...(state === 'ok' ? [] : [`    found: ${found.join(' | ') || 'nothing'}`, ...(next ? [`    ${next}`] : [])]),
  ]);
  const living = keys.filter(({ state }) => state !== 'revoked');
  const stand = living.map(
    ({ selector, state, since, trouble }) => `key ${selector}  ${state} since ${since}${trouble === null ? '' : `  ${trouble}`}`,
  );
  return [domain, '', ...stand, '', ...lines].join('\n');
}
