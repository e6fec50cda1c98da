// This file is what receivers find on the ways of the mock's domains: all good, waiting for records, asked to refuse, and no way at all (vouched).
import type { Domain, DomainAlignment } from '../src/api/schema.gen.ts';

type Way = DomainAlignment['data'][number];
type Stream = Way['takes'][number];

interface Reader {
  /** Only they see names of accounts. */
  readonly operator: boolean;
  readonly german: boolean;
}

const BOTH: readonly Stream[] = ['transactional', 'bulk'];

export function alignmentOf(
  domain: Domain,
  accounts: readonly { readonly id: string; readonly name: string; readonly provider: string }[],
  { operator, german }: Reader,
): DomainAlignment {
  const wrong = domain.records.filter(({ needed, state }) => needed !== 'optional' && state !== 'ok');
  const right = wrong.length === 0;
  const refuses = domain.state === 'broken';
  const say = (english: string, deutsch: string) => (german ? deutsch : english);
  const way = (provider: string, proves: boolean, takes: readonly Stream[], seen: Way['seen'], agrees: boolean | null): Way[] => {
    const account = accounts.find((row) => row.provider === provider);
    if (account === undefined) return [];
    return [
      {
        ...(operator ? { account_id: account.id, account: account.name, pool: 'default' } : {}),
        provider,
        streams: [...BOTH],
        takes: [...takes],
        spf: { aligned: false, domain: 'return.harbour.example', code: 'platform-return-path' },
        dkim: { aligned: proves, domain: proves ? domain.name : null, code: dkimCode(provider, proves) },
        dmarc: proves ? 'pass' : 'fail',
        asks: refuses && !proves ? 'refusal' : 'nothing',
        bulk: { kept: proves, at: ['google', 'yahoo', 'microsoft'] },
        words: wordsOf(domain.name, { provider, proves, refuses, say }),
        records: proves ? [] : wrong,
        seen,
        agrees,
      },
    ];
  };
  const ways = [
    ...way('sparkpost', right, right ? BOTH : [], right ? { messages: 12_222, aligned: 12_222 } : null, right ? true : null),
    ...way('elastic-email', !refuses && right, [], { messages: 9, aligned: 9 }, null),
    ...way('smtp', domain.state === 'verified' || domain.state === 'warning', right ? [] : BOTH, { messages: 412, aligned: 130 }, false),
  ];
  const opens = ways[0];
  return {
    domain: domain.name,
    policy: { p: refuses ? 'reject' : 'none', adkim: 'relaxed', aspf: 'relaxed' },
    data: domain.vouched ? [] : ways,
    better:
      right || domain.vouched || opens === undefined
        ? null
        : { ...(operator ? { account: opens.account ?? '' } : {}), words: betterWords(wrong.length, say), records: wrong },
  };
}

type Say = (english: string, deutsch: string) => string;

function betterWords(count: number, say: Say): string {
  return count === 1
    ? say('Publish this record and your mail takes the better way.', 'Mit diesem Eintrag im DNS nimmt die Mail den besseren Weg.')
    : say(
        `Publish these ${count} records and your mail takes the better way.`,
        `Mit diesen ${count} Einträgen im DNS nimmt die Mail den besseren Weg.`,
      );
}

function dkimCode(provider: string, proves: boolean): string {
  if (provider === 'smtp') return proves ? 'our-signature' : 'no-key';
  return proves ? 'provider-signs' : 'provider-waits';
}

interface Told {
  readonly provider: string;
  readonly proves: boolean;
  readonly refuses: boolean;
  readonly say: Say;
}

function dkimWords(name: string, { provider, proves, say }: Told): string {
  if (provider === 'smtp') {
    return proves
      ? say(`This desk signs for ${name}.`, `Wir signieren für ${name}.`)
      : say(
          'This desk does not sign: receivers do not see its key yet.',
          'Wir signieren nicht: Empfänger sehen unseren Schlüssel noch nicht.',
        );
  }
  return proves
    ? say(`The provider signs for ${name}.`, `Der Anbieter signiert für ${name}.`)
    : say('The provider knows the domain and waits for its records.', 'Der Anbieter kennt die Domain und wartet auf ihre Einträge.');
}

function wordsOf(name: string, told: Told): Way['words'] {
  const { proves, refuses, say } = told;
  const unproven = refuses
    ? say(
        `${name} asks receivers to refuse mail that cannot be proven, and on this way it cannot.`,
        `${name} bittet Empfänger, unbewiesene Mails abzuweisen, und auf diesem Weg ist sie unbewiesen.`,
      )
    : say(
        `Receivers cannot prove that this mail is from ${name}; it does not ask them to act on that yet.`,
        `Empfänger können nicht prüfen, dass diese Mail von ${name} kommt; die Domain bittet sie noch nicht, danach zu handeln.`,
      );
  return {
    headline: proves
      ? say(`Receivers can prove that this mail is from ${name}.`, `Empfänger können prüfen, dass diese Mail von ${name} kommt.`)
      : unproven,
    spf: say(
      'The return path is at return.harbour.example, which belongs to the platform; SPF passes for that name only.',
      'Der Rückweg liegt bei return.harbour.example und gehört der Plattform; SPF gilt nur für diesen Namen.',
    ),
    dkim: dkimWords(name, told),
    bulk: proves
      ? say(
          'It keeps the rules of Gmail, Yahoo and Microsoft for senders of 5,000 messages a day and more.',
          'Sie hält die Regeln von Gmail, Yahoo und Microsoft für Absender ab 5.000 Mails am Tag ein.',
        )
      : say(
          'Gmail, Yahoo and Microsoft ask senders of 5,000 messages a day and more for SPF, DKIM and a DMARC policy; something of that is missing.',
          'Gmail, Yahoo und Microsoft verlangen ab 5.000 Mails am Tag SPF, DKIM und eine DMARC-Regel; davon fehlt etwas.',
        ),
    next: proves
      ? null
      : say(
          "Publish the DKIM record and the provider's records.",
          'Als Nächstes den DKIM-Eintrag und die Einträge des Anbieters veröffentlichen.',
        ),
  };
}
