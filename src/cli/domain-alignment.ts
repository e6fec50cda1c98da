// This file is `packetboat domains alignment`: what receivers will find on every way that mail of a domain could take.
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
    const { api, option, print } = context;
    const query = { lang: option('lang') };
    // The API's form.
    const answer = (await api.ask('GET', `/v1/domains/${await domainIdOf(context)}/alignment`, { query })) as unknown as Alignment;
    print(answer, textOf(answer));
  },
};

function textOf({ domain, policy, data, better }: Alignment): string {
  const head = `${domain}: ${policy === null ? 'no DMARC policy' : `DMARC policy ${policy.p}`}`;
  const ways = data.length === 0 ? ['No account may take its mail yet. Add one with: packetboat provider add'] : data.map(wayText);
  const open =
    better === null
      ? []
      : [[better.words, ...better.records.map(({ type, host, value }) => `    ${type} ${host}\n    ${value}`)].join('\n')];
  return [head, ...ways, ...open].join('\n\n');
}

function wayText({ account, provider, takes, words, seen, agrees }: Way): string {
  const name = account === undefined ? provider : `${account} (${provider})`;
  const lines = [
    `${name}${takes.length === 0 ? '' : `, takes its ${takes.join(' and ')} mail`}`,
    words.headline,
    words.dkim,
    words.spf,
    words.bulk,
  ];
  if (words.next !== null) lines.push(words.next);
  if (seen !== null) {
    const differs = agrees === false ? ', which is not what the DNS promises' : '';
    lines.push(`Receivers reported ${seen.messages} messages in 30 days, ${seen.aligned} of them aligned${differs}.`);
  }
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`)).join('\n');
}
