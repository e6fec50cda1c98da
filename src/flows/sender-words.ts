// This file says as whom mail of a sender goes out, why, and what would be better, in every language we have.
import type { HeldCode } from '../delivery/held-because.ts';
import type { RouteDecision } from '../delivery/route.ts';
import type { Language } from '../language.ts';
import type { MayNotCode } from '../tenancy/may-send.ts';
import { filled, type ToldFacts } from '../tenancy/told.ts';

type BetterCode = NonNullable<RouteDecision['betterCode']>;
export type SenderWordCode =
  | `not-${MayNotCode}`
  | `held-${HeldCode}`
  | `better-${BetterCode}`
  | 'better-own-domain-of-mailbox'
  | 'better-authenticate-domain-at'
  | 'better-register'
  | 'better-confirm'
  | 'better-publish-first'
  | 'asked'
  | 'not-asked'
  | 'of-domain'
  | 'as-it-is'
  | 'rewritten'
  | 'rewritten-unseen'
  | 'rewriting-unseen'
  | 'no-way'
  | 'rewriting-explained';

/** {address} the sender · {domain} its domain · {rewritten} what From becomes · {account} a provider account · {below} a domain of the platform. */
type SenderWords = Readonly<Record<SenderWordCode, string>>;

const ENGLISH: SenderWords = {
  'not-pending': 'The domain of {address} is registered but not verified yet.',
  'not-unverified': 'The sender {address} is registered but not verified yet.',
  'not-registered': '{address} is a mailbox at {domain}; it has to be registered as a sender of this organisation first.',
  'not-ours': '{domain} is not a sending domain of this organisation.',
  asked: 'Its owner was asked by mail; until somebody confirms it, mail from {address} is refused.',
  'not-asked':
    'Nobody has confirmed {address} yet, so mail from it is refused. Have the confirmation mail sent, or let an operator vouch for it.',
  'of-domain': 'It belongs to the domain {domain} of this organisation.',
  'as-it-is': 'It goes out as it is, by a way that accepts a confirmed address.',
  rewritten: 'From is written anew as {rewritten}, so that receivers can prove it; answers go to the person.',
  'rewritten-unseen':
    'From is written anew as {rewritten}. The record of the key that signs for it is not seen in the DNS yet; until then receivers cannot prove this mail. Answers go to the person.',
  'rewriting-unseen':
    'The record of the key that signs for it is not seen in the DNS yet; until the operator publishes it, receivers cannot prove this mail.',
  'no-way': 'No way is open for it.',
  'held-no-account': 'No provider account is set for this mail. Add one, or name one in the routing.',
  'held-free-mailbox': 'From is an address at {domain}, which forbids others to send in its name. Use an address of a domain of your own.',
  'held-domain-not-authenticated':
    '{domain} is not authenticated, and every account of the order insists on it. Publish its records, or add an account that takes verified addresses.',
  'held-key-revoked':
    'The signing key of {domain} was revoked, and its policy has receivers turn away mail that is not signed. Publish the record of the next key.',
  'held-every-account-out': 'Every account of the order is paused or has refused this message.',
  'held-rewriting-not-agreed':
    'Receivers would refuse mail from {domain} that comes from this desk. From can be written anew as {rewritten}, with answers to the person; the organisation has to agree first (its senders, or "packetboat senders rewriting --agree").',
  'held-signed-by-author':
    'The message is signed or encrypted, which binds it to {domain}, so From cannot be written anew. Hand it in without, or register a domain of your own.',
  'better-register': 'Register it as a sender and have its owner confirm it, or use an address of a domain of your own.',
  'better-confirm': 'Have its owner open the link in the confirmation mail, or use an address of a domain of your own.',
  'better-publish-first': 'Publish the records of the domain; it is looked at by itself.',
  'better-own-domain': 'From is written anew. With a domain of your own, and its records published, it stays as it is.',
  'better-own-domain-of-mailbox':
    'Receivers cannot prove that mail from {domain} may come from here. An address of a domain of your own can be proven.',
  'better-agree-to-rewriting':
    'Agree that From is written anew as {rewritten}: receivers can prove that mail once the records of that domain are seen, and answers go to the person.',
  'better-allow-rewriting':
    'An operator can allow that From is written anew on a domain of the platform: receivers can prove that mail once its records are seen.',
  'better-publish-records': 'Publish the records of {domain}: then every way can prove this mail.',
  'better-authenticate-domain': 'Authenticate {domain} (SPF and DKIM) and this mail can take a better way.',
  'better-authenticate-domain-at': 'Authenticate {domain} (SPF and DKIM) and this mail can take {account}.',
  'rewriting-explained':
    'Mail from an address without a domain of its own goes out in the name of the organisation, from an address below {below}, because receivers would refuse it otherwise. Reply-To names the person, so answers go where they always went. Signatures of the author’s mail server are replaced by ours; mail signed with S/MIME or PGP is held instead.',
};

const GERMAN: SenderWords = {
  'not-pending': 'Die Domain von {address} ist angemeldet, aber noch nicht geprüft.',
  'not-unverified': 'Der Absender {address} ist angemeldet, aber noch nicht bestätigt.',
  'not-registered': '{address} ist ein Postfach bei {domain}; es muss zuerst als Absender dieser Organisation angemeldet werden.',
  'not-ours': '{domain} ist keine Absenderdomain dieser Organisation.',
  asked: 'Wer die Adresse liest, wurde per Mail gefragt; bis jemand bestätigt, wird Post von {address} abgewiesen.',
  'not-asked':
    'Niemand hat {address} bisher bestätigt, darum wird Post davon abgewiesen. Lassen Sie die Bestätigungsmail schicken, oder lassen Sie den Betreiber dafür bürgen.',
  'of-domain': 'Die Adresse gehört zur Domain {domain} dieser Organisation.',
  'as-it-is': 'Die Post geht hinaus, wie sie ist, auf einem Weg, der eine bestätigte Adresse annimmt.',
  rewritten: 'Der Absender wird neu geschrieben als {rewritten}, damit Empfänger ihn prüfen können; Antworten gehen an die Person.',
  'rewritten-unseen':
    'Der Absender wird neu geschrieben als {rewritten}. Der Eintrag des Schlüssels, der dafür signiert, ist im DNS noch nicht zu sehen; bis dahin können Empfänger diese Post nicht prüfen. Antworten gehen an die Person.',
  'rewriting-unseen':
    'Der Eintrag des Schlüssels, der dafür signiert, ist im DNS noch nicht zu sehen; bis der Betreiber ihn veröffentlicht, können Empfänger diese Post nicht prüfen.',
  'no-way': 'Dafür ist kein Weg offen.',
  'held-no-account': 'Für diese Post ist kein Anbieterkonto eingerichtet. Fügen Sie eines hinzu, oder nennen Sie eines in der Reihenfolge.',
  'held-free-mailbox':
    'Der Absender ist eine Adresse bei {domain}; dort ist verboten, dass andere in diesem Namen senden. Nehmen Sie eine Adresse Ihrer eigenen Domain.',
  'held-domain-not-authenticated':
    '{domain} ist nicht nachgewiesen, und jedes Konto der Reihenfolge besteht darauf. Veröffentlichen Sie die Einträge, oder fügen Sie ein Konto hinzu, das bestätigte Adressen annimmt.',
  'held-key-revoked':
    'Der Signaturschlüssel von {domain} wurde widerrufen, und die Richtlinie lässt Empfänger Post ohne Signatur abweisen. Veröffentlichen Sie den Eintrag des nächsten Schlüssels.',
  'held-every-account-out': 'Jedes Konto der Reihenfolge ruht oder hat diese Nachricht abgewiesen.',
  'held-rewriting-not-agreed':
    'Empfänger würden Post von {domain} abweisen, die von diesem Pult kommt. Der Absender kann als {rewritten} neu geschrieben werden, mit Antworten an die Person; dem muss die Organisation zuerst zustimmen (bei ihren Absendern, oder „packetboat senders rewriting --agree“).',
  'held-signed-by-author':
    'Die Nachricht ist signiert oder verschlüsselt und damit an {domain} gebunden; der Absender kann nicht neu geschrieben werden. Geben Sie sie ohne Signatur auf, oder melden Sie eine eigene Domain an.',
  'better-register':
    'Melden Sie die Adresse als Absender an und lassen Sie sie bestätigen, oder nehmen Sie eine Adresse Ihrer eigenen Domain.',
  'better-confirm': 'Lassen Sie den Link in der Bestätigungsmail öffnen, oder nehmen Sie eine Adresse Ihrer eigenen Domain.',
  'better-publish-first': 'Veröffentlichen Sie die Einträge der Domain; geprüft wird sie von selbst.',
  'better-own-domain': 'Der Absender wird neu geschrieben. Mit einer eigenen Domain und deren Einträgen bleibt er, wie er ist.',
  'better-own-domain-of-mailbox':
    'Empfänger können nicht prüfen, ob Post von {domain} von hier kommen darf. Eine Adresse Ihrer eigenen Domain lässt sich nachweisen.',
  'better-agree-to-rewriting':
    'Stimmen Sie zu, dass der Absender als {rewritten} neu geschrieben wird: Sobald die Einträge der Domain dafür zu sehen sind, können Empfänger diese Post prüfen, und Antworten gehen an die Person.',
  'better-allow-rewriting':
    'Der Betreiber kann erlauben, dass der Absender auf einer Domain der Plattform neu geschrieben wird: Sobald deren Einträge zu sehen sind, können Empfänger diese Post prüfen.',
  'better-publish-records': 'Veröffentlichen Sie die Einträge von {domain}: Dann kann jeder Weg diese Post nachweisen.',
  'better-authenticate-domain': 'Weisen Sie {domain} nach (SPF und DKIM), dann kann diese Post einen besseren Weg nehmen.',
  'better-authenticate-domain-at': 'Weisen Sie {domain} nach (SPF und DKIM), dann kann diese Post {account} nehmen.',
  'rewriting-explained':
    'Post von einer Adresse ohne eigene Domain geht im Namen der Organisation hinaus, von einer Adresse unterhalb von {below}, weil Empfänger sie sonst abweisen würden. Reply-To nennt die Person; Antworten gehen also dorthin, wohin sie immer gingen. Signaturen des Mailservers der Person werden durch unsere ersetzt; Post, die mit S/MIME oder PGP signiert ist, wird stattdessen angehalten.',
};

/** Every code of a language has its words, or it does not compile. */
export const SENDER_WORDS: Readonly<Record<Language, SenderWords>> = { en: ENGLISH, de: GERMAN };
const A_PLATFORM_DOMAIN: Readonly<Record<Language, string>> = { en: 'a domain of the platform', de: 'einer Domain der Plattform' };

export function senderWords(code: SenderWordCode, facts: ToldFacts, language: Language): string {
  return filled(SENDER_WORDS[language][code], facts);
}

/**
 * What happens when From is written anew, for whoever is asked to agree. `below`: the organisation's own name there; null: none yet. `unseen`: the record of
 * the key was never seen in DNS.
 */
export function rewritingExplained(below: string | null, language: Language, { unseen }: { unseen: boolean }): string {
  const explained = senderWords('rewriting-explained', { below: below ?? A_PLATFORM_DOMAIN[language] }, language);
  return unseen ? `${explained} ${senderWords('rewriting-unseen', {}, language)}` : explained;
}
