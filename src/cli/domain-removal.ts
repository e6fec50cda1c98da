// This file is `packetboat domains remove` and `removals`: taking a domain away, here and at the providers that were told of it.
import { domainIdOf } from './named-domain.ts';
import { LIST_OPTIONS, type Verb, type VerbContext } from './verbs.ts';

interface AtProvider {
  readonly provider: string;
  readonly account?: string;
}

interface Removal extends AtProvider {
  readonly domain: string;
  readonly state: string;
  readonly trouble: string | null;
}

export const removeVerb: Verb = {
  form: 'NAME|ID [--at-providers]',
  about:
    'Remove a domain; mail from it is refused from now on. --at-providers removes it at the provider accounts too that were told of it.',
  words: 1,
  options: { 'at-providers': { type: 'boolean' } },
  run: async (context) => {
    const { api, flag, print } = context;
    const id = await domainIdOf(context);
    const everywhere = flag('at-providers');
    // The shape of this one address.
    const { data } = (await api.ask('GET', `/v1/domains/${id}/provider-domains`)) as { data: AtProvider[] };
    await api.ask('DELETE', `/v1/domains/${id}`, { query: { at_providers: everywhere ? 'true' : undefined } });
    const where = data.map(nameOf);
    const words = !everywhere && where.length > 0 ? `It stays at ${where.join(', ')}.` : '';
    const asked = where.length === 0 ? 'No provider was told of it.' : `Being removed at ${where.join(', ')}: packetboat domains removals`;
    print({ removed: id, at_providers: everywhere ? where : [] }, ['The domain is gone.', everywhere ? asked : words].join(' ').trim());
  },
};

export const removalsVerb: Verb = {
  form: '[--state due|removed|kept] [--tenant NAME|ID] [--limit N] [--retry ID] [--forget ID]',
  about: 'List what removed domains leave at providers; --retry tries one now, --forget takes one off the list.',
  words: 0,
  options: { ...LIST_OPTIONS, state: { type: 'string' }, retry: { type: 'string' }, forget: { type: 'string' } },
  run: async (context) => {
    const { api, option, print } = context;
    const url = '/v1/provider-domain-removals';
    const [retry, forget] = [option('retry'), option('forget')];
    if (forget !== undefined) {
      await api.ask('DELETE', `${url}/${forget}`);
      return print({ forgotten: forget }, 'Nobody tries that any more.');
    }
    if (retry !== undefined) {
      // The shape of this one address.
      const tried = (await api.ask('POST', `${url}/${retry}/retry`)) as Removal;
      return print(tried, `${tried.domain} at ${nameOf(tried)}: ${tried.state}${tried.trouble === null ? '' : `. ${tried.trouble}`}`);
    }
    return listed(context, url);
  },
};

function listed({ list, option }: VerbContext, url: string): Promise<void> {
  return list(url, {
    query: { state: option('state') },
    columns: [
      { title: 'id', show: 'id' },
      { title: 'domain', show: 'domain' },
      { title: 'at', show: (row) => String(row['account'] ?? row['provider']) },
      { title: 'state', show: 'state' },
      { title: 'why', show: 'trouble' },
      { title: 'again', show: 'next_at' },
    ],
    nothing: 'No removed domain leaves anything at a provider.',
  });
}

function nameOf({ provider, account }: AtProvider): string {
  return account === undefined ? provider : `${account} (${provider})`;
}
