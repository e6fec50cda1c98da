// This file makes sending domains at Mandrill: it wants a token as proof of ownership, its two DKIM names and its SPF include, and rejects mail of a
// domain without them ("unsigned").
import type { ProviderDomain, ProviderDomains, ProviderRecord } from '../../delivery/provider-domain.ts';
import type { ListAnswer } from '../../delivery/provider-list.ts';
import { providerSays, providerTrouble } from '../../delivery/provider-trouble.ts';
import type { HttpExchange } from '../http.ts';
import { type ListTable, readList, rowsOf, unreadable } from '../list-answer.ts';
import { type Json, objectOf, textOf } from '../webhook-reading.ts';
import { MANDRILL_LIST_TABLE } from './suppressions.ts';

const TABLE: ListTable = MANDRILL_LIST_TABLE;
const SELECTORS = [1, 2] as const;
const SELF = { provider: 'Mandrill' };
const SPF_INCLUDE = 'spf.mandrillapp.com';

export interface MandrillDomainDeps {
  /** One call of the API; the key is added to the parameters. */
  readonly ask: (path: string, parameters: Json) => Promise<HttpExchange>;
  readonly nowMs: () => number;
}

export function mandrillDomains(deps: MandrillDomainDeps): ProviderDomains {
  const call = async (path: string, parameters: Json) => readList(await deps.ask(`/senders/${path}.json`, parameters), TABLE, deps.nowMs());
  const one = async (path: string, domain: string): Promise<ListAnswer<ProviderDomain>> => {
    const answer = await call(path, { domain });
    return answer.ok ? domainOf(domain, objectOf(answer.value)) : answer;
  };
  async function find(domain: string): Promise<ListAnswer<ProviderDomain | null>> {
    // There is no call for one; the list comes whole.
    const answer = await call('domains', {});
    if (!answer.ok) return answer;
    const row = rowsOf(answer.value)?.find((each) => textOf(each['domain'])?.toLowerCase() === domain);
    return row ? domainOf(domain, row) : { ok: true, value: null };
  }

  return {
    find,
    // Adding a domain that is there answers how it stands.
    create: (domain) => one('add-domain', domain),
    verify: (domain) => one('check-domain', domain),
    async remove(domain) {
      // What it answers about a domain it does not know is written nowhere, so that is asked first.
      const known = await find(domain);
      if (!known.ok) return known;
      if (known.value === null) return { ok: true, value: null };
      const answer = await call('delete-domain', { domain });
      return answer.ok ? { ok: true, value: null } : answer;
    },
  };
}

function domainOf(domain: string, row: Json): ListAnswer<ProviderDomain> {
  const signing = row['valid_signing'];
  if (typeof signing !== 'boolean') return unreadable(200);
  const owned = textOf(row['verified_at']) !== null;
  const state = signing && owned ? 'verified' : 'pending';
  return {
    ok: true,
    value: {
      state,
      signing,
      records: recordsOf(domain, textOf(row['verify_txt_key'])),
      spfInclude: SPF_INCLUDE,
      trouble: state === 'verified' ? null : troubleOf(row, signing),
    },
  };
}

function troubleOf(row: Json, signing: boolean): string {
  if (signing) return providerTrouble('token-not-seen', SELF);
  const [error] = ['dkim2', 'dkim', 'spf'].flatMap((name) => textOf(objectOf(row[name])['error']) ?? []);
  return error === undefined ? providerTrouble('dkim-not-seen', SELF) : providerSays('not-accepted', SELF.provider, error);
}

function recordsOf(domain: string, token: string | null): ProviderRecord[] {
  return [
    ...(token === null ? [] : [{ type: 'TXT', host: domain, value: `mandrill_verify.${token}`, needed: 'required' } as const]),
    ...SELECTORS.map(
      (n): ProviderRecord => ({
        type: 'CNAME',
        host: `mte${n}._domainkey.${domain}`,
        value: `dkim${n}.mandrillapp.com`,
        needed: 'required',
      }),
    ),
  ];
}
