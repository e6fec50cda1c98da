// This file makes sending domains at Elastic Email. Its API tells whether records are right, never what they are: the ones its help pages name are
// written here, and the DKIM key (one for all domains) is a setting of the account.
import type { ProviderDomain, ProviderDomains, ProviderRecord } from '../../delivery/provider-domain.ts';
import type { ListAnswer } from '../../delivery/provider-list.ts';
import { providerTrouble } from '../../delivery/provider-trouble.ts';
import type { HttpExchange, ProviderHttp } from '../http.ts';
import { type ListTable, readList, statusOf, unreadable } from '../list-answer.ts';
import { objectOf } from '../webhook-reading.ts';
import { elasticListWords } from './suppressions.ts';

const TABLE: ListTable = {
  words: elasticListWords,
  // Public mailbox domains and names that are none.
  forbids: ({ status }) => status === 400 || status === 422,
};

const SELF = { provider: 'Elastic Email' };
const SPF_INCLUDE = '_spf.elasticemail.com';

export interface ElasticDomainDeps {
  readonly http: ProviderHttp;
  readonly headers: () => Record<string, string>;
  readonly nowMs: () => number;
  /** The TXT value of api._domainkey, as their domain page shows it. */
  readonly dkimValue: string | undefined;
}

export function elasticDomains(deps: ElasticDomainDeps): ProviderDomains {
  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<HttpExchange> =>
    deps.http.call({
      method,
      path: `/domains${path}`,
      headers: { ...deps.headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
  const read = (exchange: HttpExchange) => readList(exchange, TABLE, deps.nowMs());
  const shown = (domain: string, value: unknown) => domainOf(domain, value, deps.dkimValue);

  async function find(domain: string): Promise<ListAnswer<ProviderDomain | null>> {
    const exchange = await call('GET', `/${encodeURIComponent(domain)}`);
    if (statusOf(exchange) === 404) return { ok: true, value: null };
    const answer = read(exchange);
    return answer.ok ? shown(domain, answer.value) : answer;
  }

  return {
    find,
    async create(domain) {
      const known = await find(domain);
      if (!known.ok) return known;
      if (known.value) return { ok: true, value: known.value };
      // Never the default: that one would brand mail of all others.
      const answer = read(await call('POST', '', { Domain: domain, SetAsDefault: false }));
      return answer.ok ? shown(domain, answer.value) : answer;
    },
    async verify(domain) {
      // The body is the kind of tracking to look for as a JSON string; none, for the desk tracks by itself.
      const exchange = await call('PUT', `/${encodeURIComponent(domain)}/verification`, 'None');
      const answer = read(exchange);
      if (!answer.ok) return answer;
      const known = await find(domain);
      if (!known.ok) return known;
      return known.value ? { ok: true, value: known.value } : { ok: false, kind: 'forbidden', reason: providerTrouble('gone-there', SELF) };
    },
    async remove(domain) {
      const exchange = await call('DELETE', `/${encodeURIComponent(domain)}`);
      const answer = statusOf(exchange) === 404 ? { ok: true as const } : read(exchange);
      return answer.ok ? { ok: true, value: null } : answer;
    },
  };
}

function domainOf(domain: string, value: unknown, dkimValue: string | undefined): ListAnswer<ProviderDomain> {
  const fields = objectOf(value);
  const [spf, dkim] = [fields['Spf'], fields['Dkim']];
  if (typeof spf !== 'boolean' || typeof dkim !== 'boolean') return unreadable(200);
  const verified = spf && dkim;
  const missing = spf ? 'dkim-not-seen' : dkim ? 'spf-not-seen' : 'spf-and-dkim-not-seen';
  return {
    ok: true,
    value: {
      state: verified ? 'verified' : 'pending',
      signing: dkim,
      records: recordsOf(domain, dkimValue),
      spfInclude: SPF_INCLUDE,
      trouble: verified ? null : providerTrouble(missing, SELF),
    },
  };
}

function recordsOf(domain: string, dkimValue: string | undefined): ProviderRecord[] {
  return [
    ...(dkimValue === undefined ? [] : [{ type: 'TXT', host: `api._domainkey.${domain}`, value: dkimValue, needed: 'required' } as const]),
    { type: 'CNAME', host: `bounces.${domain}`, value: 'bounces.elasticemail.net', needed: 'recommended' },
  ];
}
