// This file says an alignment verdict in plain words, in every language: what receivers will find on a route, and what to publish.
import type { Language } from '../language.ts';
import type { DomainIdentity } from '../tenancy/domain-identity.ts';
import type { AdvicePurpose, AlignmentVerdict, Proof, ProofCode } from './alignment.ts';

export interface AlignmentWords {
  /** One sentence for a volunteer. */
  readonly headline: string;
  /** One sentence each for whoever looks after the domain. */
  readonly spf: string;
  readonly dkim: string;
  readonly bulk: string;
  /** What to do next; null: nothing. */
  readonly next: string | null;
}

interface WordList {
  readonly headline: (from: string, verdict: AlignmentVerdict) => string;
  readonly spf: Readonly<Record<ProofCode, (domain: string) => string>>;
  readonly dkim: Readonly<Record<ProofCode, (domain: string) => string>>;
  readonly bulk: (kept: boolean) => string;
  readonly publish: Readonly<Record<AdvicePurpose, string>>;
  readonly next: (things: string) => string;
  readonly better: (records: number) => string;
  readonly and: string;
}

/** A proof of a kind that this side never has. */
const never = () => '';

const ENGLISH: WordList = {
  headline: (from, { dmarc, asks, dkim, spf }) => {
    if (dmarc === 'pass') return `Receivers can prove that this mail is from ${from}.`;
    if (dmarc === 'none') {
      return dkim.aligned || spf.aligned
        ? `Receivers can prove that this mail is from ${from}, but ${from} publishes no DMARC policy.`
        : `Receivers cannot prove that this mail is from ${from}, and ${from} publishes no DMARC policy.`;
    }
    if (asks === 'refusal') return `${from} asks receivers to refuse mail that cannot be proven, and on this way it cannot.`;
    if (asks === 'spam-folder')
      return `${from} asks receivers to put mail that cannot be proven into the spam folder, and on this way it cannot.`;
    return `Receivers cannot prove that this mail is from ${from}; it does not ask them to act on that yet.`;
  },
  spf: {
    'own-return-path': (domain) => `The return path is at ${domain}, which belongs to the domain in From.`,
    'platform-return-path': (domain) => `The return path is at ${domain}, which belongs to the platform; SPF passes for that name only.`,
    'provider-return-path': (domain) =>
      domain === ''
        ? 'The provider uses a return path of its own; SPF passes for that name only.'
        : `The provider uses a return path at ${domain}.`,
    'strict-name': (domain) => `The return path is at ${domain}; the policy is strict and asks for the very name in From.`,
    rewritten: (domain) => `From is written anew on ${domain}, and so is the return path.`,
    ...{ 'our-signature': never, 'no-key': never, 'provider-signs': never, 'provider-waits': never, 'provider-does-not-know': never },
  },
  dkim: {
    'our-signature': (domain) => `This desk signs for ${domain}.`,
    'no-key': () => 'This desk does not sign: receivers do not see its key yet.',
    'provider-signs': (domain) => `The provider signs for ${domain}.`,
    'provider-waits': () => 'The provider knows the domain and waits for its records.',
    'provider-does-not-know': () => 'The provider signs in its own name: the domain was not made known to it.',
    'strict-name': (domain) => `The signature is for ${domain}; the policy is strict and asks for the very name in From.`,
    rewritten: (domain) => `This desk signs for ${domain}, on which From is written anew.`,
    ...{ 'own-return-path': never, 'platform-return-path': never, 'provider-return-path': never },
  },
  bulk: (kept) =>
    kept
      ? 'It keeps the rules of Gmail, Yahoo and Microsoft for senders of 5,000 messages a day and more.'
      : 'Gmail, Yahoo and Microsoft ask senders of 5,000 messages a day and more for SPF, DKIM and a DMARC policy; something of that is missing.',
  publish: {
    dkim: 'the DKIM record',
    'return-path': 'the record of the return path',
    dmarc: 'a DMARC record',
    provider: "the provider's records",
  },
  next: (things) => `Publish ${things}.`,
  better: (records) => `Publish ${records === 1 ? 'this record' : `these ${records} records`} and your mail takes the better way.`,
  and: 'and',
};

const GERMAN: WordList = {
  headline: (from, { dmarc, asks, dkim, spf }) => {
    if (dmarc === 'pass') return `Empfänger können prüfen, dass diese Mail von ${from} kommt.`;
    if (dmarc === 'none') {
      return dkim.aligned || spf.aligned
        ? `Empfänger können prüfen, dass diese Mail von ${from} kommt, aber ${from} veröffentlicht keine DMARC-Regel.`
        : `Empfänger können nicht prüfen, dass diese Mail von ${from} kommt, und ${from} veröffentlicht keine DMARC-Regel.`;
    }
    if (asks === 'refusal') return `${from} bittet Empfänger, unbewiesene Mails abzuweisen, und auf diesem Weg ist sie unbewiesen.`;
    if (asks === 'spam-folder')
      return `${from} bittet Empfänger, unbewiesene Mails in den Spam-Ordner zu legen, und auf diesem Weg ist sie unbewiesen.`;
    return `Empfänger können nicht prüfen, dass diese Mail von ${from} kommt; die Domain bittet sie noch nicht, danach zu handeln.`;
  },
  spf: {
    'own-return-path': (domain) => `Der Rückweg liegt bei ${domain} und gehört zur Domain im Absender.`,
    'platform-return-path': (domain) => `Der Rückweg liegt bei ${domain} und gehört der Plattform; SPF gilt nur für diesen Namen.`,
    'provider-return-path': (domain) =>
      domain === ''
        ? 'Der Anbieter nutzt einen eigenen Rückweg; SPF gilt nur für dessen Namen.'
        : `Der Anbieter nutzt einen Rückweg bei ${domain}.`,
    'strict-name': (domain) => `Der Rückweg liegt bei ${domain}; die Regel ist streng und verlangt genau den Namen im Absender.`,
    rewritten: (domain) => `Der Absender wird auf ${domain} umgeschrieben, der Rückweg ebenso.`,
    ...{ 'our-signature': never, 'no-key': never, 'provider-signs': never, 'provider-waits': never, 'provider-does-not-know': never },
  },
  dkim: {
    'our-signature': (domain) => `Wir signieren für ${domain}.`,
    'no-key': () => 'Wir signieren nicht: Empfänger sehen unseren Schlüssel noch nicht.',
    'provider-signs': (domain) => `Der Anbieter signiert für ${domain}.`,
    'provider-waits': () => 'Der Anbieter kennt die Domain und wartet auf ihre Einträge.',
    'provider-does-not-know': () => 'Der Anbieter signiert im eigenen Namen: Die Domain wurde ihm nicht bekannt gemacht.',
    'strict-name': (domain) => `Die Signatur gilt für ${domain}; die Regel ist streng und verlangt genau den Namen im Absender.`,
    rewritten: (domain) => `Wir signieren für ${domain}, worauf der Absender umgeschrieben wird.`,
    ...{ 'own-return-path': never, 'platform-return-path': never, 'provider-return-path': never },
  },
  bulk: (kept) =>
    kept
      ? 'Sie hält die Regeln von Gmail, Yahoo und Microsoft für Absender ab 5.000 Mails am Tag ein.'
      : 'Gmail, Yahoo und Microsoft verlangen ab 5.000 Mails am Tag SPF, DKIM und eine DMARC-Regel; davon fehlt etwas.',
  publish: {
    dkim: 'den DKIM-Eintrag',
    'return-path': 'den Eintrag des Rückwegs',
    dmarc: 'einen DMARC-Eintrag',
    provider: 'die Einträge des Anbieters',
  },
  next: (things) => `Als Nächstes ${things} veröffentlichen.`,
  better: (records) =>
    `${records === 1 ? 'Mit diesem Eintrag' : `Mit diesen ${records} Einträgen`} im DNS nimmt die Mail den besseren Weg.`,
  and: 'und',
};

const WORDS: Readonly<Record<Language, WordList>> = { en: ENGLISH, de: GERMAN };

/** Says a verdict about mail of `identity`. */
export function alignmentWords(verdict: AlignmentVerdict, { from }: Pick<DomainIdentity, 'from'>, language: Language): AlignmentWords {
  const words = WORDS[language];
  const said = (list: Readonly<Record<ProofCode, (domain: string) => string>>, { code, domain }: Proof) => list[code](domain ?? '');
  return {
    headline: words.headline(from, verdict),
    spf: said(words.spf, verdict.spf),
    dkim: said(words.dkim, verdict.dkim),
    bulk: words.bulk(verdict.bulk.kept),
    next:
      verdict.publish.length === 0
        ? null
        : words.next(
            listed(
              verdict.publish.map((purpose) => words.publish[purpose]),
              words.and,
            ),
          ),
  };
}

/** What records would open a way that comes earlier in the order. */
export function betterWayWords(records: number, language: Language): string {
  return WORDS[language].better(records);
}

function listed(things: readonly string[], and: string): string {
  if (things.length < 2) return things.join('');
  return `${things.slice(0, -1).join(', ')} ${and} ${things.at(-1)}`;
}
