// This file is `packetboat domains alignment`: what receivers will find on every way that mail of a domain could take.
import { type DomainCommandWords, domainCommandWords } from './domain-words.ts';
import { domainIdOf } from './named-domain.ts';
import type { Verb } from './verbs.ts';

interface Way {
  readonly account?: string;
  readonly provider: string;
  readonly takes: readonly string[];
  readonly words: {
    readonly headline: string;
    readonly spf: string;
    readonly dkim: string;
    readonly bulk: string;
    readonly next: string | null;
  };
  readonly seen: { readonly messages: number; readonly aligned: number } | null;
  readonly agrees: boolean | null;
}

interface Alignment {
  readonly domain: string;
  readonly policy: { readonly p: string } | null;
  readonly data: readonly Way[];
  readonly better: { readonly words: string; readonly records: readonly { type: string; host: string; value: string }[] } | null;
}

export const alignmentVerb: Verb = {
  form: 'NAME [--lang en|de]',
  about: 'Show what receivers will find on every way its mail could take, and what to publish for the better one.',
  words: 1,
  options: { lang: { type: 'string' } },
  run: async (context) => {
    const { api, option, print, language } = context;
    const query = { lang: option('lang') };
    // The API's form.
    const answer = (await api.ask('GET', `/v1/domains/${await domainIdOf(context)}/alignment`, { query })) as unknown as Alignment;
    print(answer, textOf(answer, domainCommandWords(language)));
  },
};

function textOf({ domain, policy, data, better }: Alignment, words: DomainCommandWords): string {
  const head = `${domain}: ${policy === null ? words.noDmarc : `DMARC policy ${policy.p}`}`;
  const ways = data.length === 0 ? [words.noAccount] : data.map((way) => wayText(way, words));
  const open =
    better === null
      ? []
      : [[better.words, ...better.records.map(({ type, host, value }) => `    ${type} ${host}\n    ${value}`)].join('\n')];
  return [head, ...ways, ...open].join('\n\n');
}

function wayText({ account, provider, takes, words, seen, agrees }: Way, say: DomainCommandWords): string {
  const name = account === undefined ? provider : `${account} (${provider})`;
  const lines = [`${name}${takes.length === 0 ? '' : `, ${say.takes(takes)}`}`, words.headline, words.dkim, words.spf, words.bulk];
  if (words.next !== null) lines.push(words.next);
  if (seen !== null) {
    const differs = agrees === false ? `, ${say.differs}` : '';
    lines.push(`${say.reported(seen.messages, seen.aligned)}${differs}.`);
  }
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`)).join('\n');
}
