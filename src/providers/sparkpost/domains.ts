// This file makes sending domains at SparkPost: each gets a DKIM key of its own there, and after a look at DNS a compliance review decides.
import type { ProviderDomain, ProviderDomains, ProviderRecord } from '../../delivery/provider-domain.ts';
import type { ListAnswer } from '../../delivery/provider-list.ts';
import { providerSays, providerTrouble } from '../../delivery/provider-trouble.ts';
import type { HttpExchange, ProviderHttp } from '../http.ts';
import { type ListTable, readList, statusOf, unreadable } from '../list-answer.ts';
import { type Json, objectOf, textOf } from '../webhook-reading.ts';
import { sparkpostListWords } from './suppressions.ts';

const TABLE: ListTable = {
  words: sparkpostListWords,
  // 409: another account has the domain; 422: it is no name they take.
  forbids: ({ status }) => status === 400 || status === 409 || status === 422,
};
const RSA_BITS = 2048;
const SELF = { provider: 'SparkPost' };

export interface SparkpostDomainDeps {
  readonly http: ProviderHttp;
  readonly headers: () => Record<string, string>;
  readonly nowMs: () => number;
}

export function sparkpostDomains(deps: SparkpostDomainDeps): ProviderDomains {
  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: Json): Promise<HttpExchange> =>
    deps.http.call({
      method,
      path: `/sending-domains${path}`,
      headers: deps.headers(),
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
  const read = (exchange: HttpExchange) => readList(exchange, TABLE, deps.nowMs());

  async function find(domain: string): Promise<ListAnswer<ProviderDomain | null>> {
    const exchange = await call('GET', `/${encodeURIComponent(domain)}`);
    if (statusOf(exchange) === 404) return { ok: true, value: null };
    const answer = read(exchange);
    return answer.ok ? domainOf(domain, objectOf(answer.value)['results']) : answer;
  }

  return {
    find,
    async create(domain) {
      const known = await find(domain);
      if (!known.ok) return known;
      if (known.value) return { ok: true, value: known.value };
      const answer = read(
        await call('POST', '', { domain, generate_dkim: true, dkim_key_length: RSA_BITS, shared_with_subaccounts: false }),
      );
      if (!answer.ok) return answer;
      // The answer holds the key but no status; what stands there now is asked for once more.
      const made = await find(domain);
      if (!made.ok) return made;
      return made.value ? { ok: true, value: made.value } : unreadable(200);
    },
    async verify(domain) {
      const answer = read(await call('POST', `/${encodeURIComponent(domain)}/verify`, { dkim_verify: true }));
      if (!answer.ok) return answer;
      const known = await find(domain);
      if (!known.ok) return known;
      if (!known.value) return { ok: false, kind: 'forbidden', reason: providerTrouble('gone-there', SELF) };
      const looked = objectOf(objectOf(answer.value)['results']);
      const error = textOf(objectOf(looked['dns'])['dkim_error']);
      const { state, trouble } = known.value;
      const pending = error === null || state !== 'pending' ? trouble : providerSays('not-accepted', SELF.provider, error);
      return { ok: true, value: { ...known.value, trouble: pending } };
    },
    async remove(domain) {
      const exchange = await call('DELETE', `/${encodeURIComponent(domain)}`);
      const answer = statusOf(exchange) === 404 ? { ok: true as const } : read(exchange);
      return answer.ok ? { ok: true, value: null } : answer;
    },
  };
}

function domainOf(domain: string, results: unknown): ListAnswer<ProviderDomain> {
  const fields = objectOf(results);
  const status = objectOf(fields['status']);
  const [dkim, compliance] = [textOf(status['dkim_status']), textOf(status['compliance_status'])];
  if (dkim === null) return unreadable(200);
  const signing = dkim === 'valid';
  const state = compliance === 'blocked' ? 'blocked' : signing && compliance === 'valid' ? 'verified' : 'pending';
  return {
    ok: true,
    value: { state, signing, records: recordsOf(domain, fields['dkim']), spfInclude: null, trouble: troubleOf(state, signing) },
  };
}

function troubleOf(state: ProviderDomain['state'], signing: boolean): string | null {
  if (state === 'verified') return null;
  if (state === 'blocked') return providerTrouble('blocked', SELF);
  return signing ? providerTrouble('reviewed', SELF) : providerTrouble('dkim-not-seen', SELF);
}

function recordsOf(domain: string, value: unknown): ProviderRecord[] {
  const dkim = objectOf(value);
  const [selector, key] = [textOf(dkim['selector']), textOf(dkim['public'])];
  if (selector === null || key === null) return [];
  const host = `${selector}._domainkey.${textOf(dkim['signing_domain']) ?? domain}`;
  return [{ type: 'TXT', host, value: `v=DKIM1; k=rsa; h=sha256; p=${key.replace(/\s+/g, '')}`, needed: 'required' }];
}
