// This file says in both languages why a route was taken or fell out, by the code of a stored decision. Decisions from before there were codes
// are shown in the words in which they were written.
import type { Decision, Judgement } from '../api/model.ts';
import { catalogue, type Words } from './words.ts';

export const decisionWords = catalogue({
  way: [(number: number) => `Way ${number}`, (number: number) => `Weg ${number}`],
  chosen: ['First in the order that is eligible and well.', 'Der erste in der Reihenfolge, der darf und dem es gut geht.'],
  paused: ['It is paused.', 'Er ist angehalten.'],
  'refused-already': ['It refused this recipient already.', 'Er hat diesen Empfänger schon abgelehnt.'],
  'domain-not-authenticated': [
    (domain: string) => `It insists on SPF and DKIM, and ${domain} is not authenticated.`,
    (domain: string) => `Er besteht auf SPF und DKIM, und ${domain} ist nicht bestätigt.`,
  ],
  'free-mailbox': [
    (domain: string) => `${domain} forbids others to send in its name.`,
    (domain: string) => `${domain} verbietet anderen, in seinem Namen zu schreiben.`,
  ],
  'too-large': [
    (bytes: string, most: string) => `The message has ${bytes} bytes; at most ${most} are taken here.`,
    (bytes: string, most: string) => `Die Nachricht hat ${bytes} Bytes; hier werden höchstens ${most} genommen.`,
  ],
  unwell: ['It takes no mail at the moment.', 'Er nimmt gerade keine Post.'],
  'after-another': ['Another way comes first in the order.', 'Ein anderer Weg steht in der Reihenfolge davor.'],
  'ip-blocked': [
    'The receiver refuses this way at the moment; another one takes the message.',
    'Der Empfänger lehnt diesen Weg gerade ab; ein anderer nimmt die Nachricht.',
  ],
  'only-way': [
    'The receiver refuses this way at the moment, and there is no other.',
    'Der Empfänger lehnt diesen Weg gerade ab, und es gibt keinen anderen.',
  ],
  unproven: [
    (domain: string) => `${domain} asks receivers to act on mail that cannot be proven; this way cannot prove it, another can.`,
    (domain: string) => `${domain} bittet Empfänger, auf unbewiesene Mails zu reagieren; dieser Weg beweist sie nicht, ein anderer schon.`,
  ],
  'only-way-unproven': [
    (domain: string) => `${domain} asks receivers to act on mail that cannot be proven, and no way that is open can prove it.`,
    (domain: string) => `${domain} bittet Empfänger, auf unbewiesene Mails zu reagieren, und kein offener Weg beweist sie.`,
  ],
  'key-revoked': [
    (domain: string) =>
      `The signing key of ${domain} was revoked and the next one is not seen in the DNS yet; receivers would turn this mail away.`,
    (domain: string) =>
      `Der Signaturschlüssel von ${domain} wurde widerrufen, und der nächste steht noch nicht im DNS; Empfänger würden diese Post abweisen.`,
  ],
  'held-key-revoked': [
    (domain: string) =>
      `The signing key of ${domain} was revoked, and receivers turn away its mail when it is not signed. Publish the record of the next key; then it goes out by itself.`,
    (domain: string) =>
      `Der Signaturschlüssel von ${domain} wurde widerrufen, und Empfänger weisen ihre Post unsigniert ab. Legen Sie den Eintrag des nächsten Schlüssels an; dann geht sie von selbst hinaus.`,
  ],
  publish: [
    (domain: string) => `Publish the records of ${domain}: then every way can prove this mail.`,
    (domain: string) => `Veröffentlichen Sie die Einträge von ${domain}: Dann kann jeder Weg diese Post beweisen.`,
  ],
  afterNamed: [(name: string) => `${name} comes first in the order.`, (name: string) => `${name} steht in der Reihenfolge davor.`],
  anew: [(name: string) => `${name}, From written anew`, (name: string) => `${name}, Absender umgeschrieben`],
  rewritten: [
    (address: string) => `From becomes ${address}; answers go to the person.`,
    (address: string) => `Der Absender wird ${address}; Antworten gehen an die Person.`,
  ],
  'rewriting-not-allowed': [
    'The operator has not allowed that From is written anew.',
    'Der Betreiber hat nicht erlaubt, den Absender umzuschreiben.',
  ],
  'rewriting-not-agreed': [
    (address: string) => `From would become ${address}; the organisation has not agreed to that.`,
    (address: string) => `Der Absender würde ${address}; die Organisation hat dem nicht zugestimmt.`,
  ],
  'signed-by-author': [
    (how: string) => `It is signed or encrypted with ${how}, which binds it to its From.`,
    (how: string) => `Sie ist mit ${how} signiert oder verschlüsselt und damit an ihren Absender gebunden.`,
  ],
  'as-is-not-allowed': [
    (domain: string) => `The operator has not allowed that mail from ${domain} goes out as it is.`,
    (domain: string) => `Der Betreiber hat nicht erlaubt, dass Post von ${domain} unverändert hinausgeht.`,
  ],
  'held-rewriting-not-agreed': [
    (domain: string) =>
      `Receivers would refuse mail from ${domain} that comes from here. From can be written anew; agree to that with the senders of the organisation, then it goes out by itself.`,
    (domain: string) =>
      `Empfänger würden Post von ${domain} ablehnen, die von hier kommt. Der Absender kann umgeschrieben werden; stimmen Sie dem bei den Absendern der Organisation zu, dann geht die Nachricht von selbst hinaus.`,
  ],
  'held-signed-by-author': [
    (domain: string) =>
      `The message is signed or encrypted, which binds it to ${domain}. Hand it in without, or register a domain of your own; then it goes out by itself.`,
    (domain: string) =>
      `Die Nachricht ist signiert oder verschlüsselt und damit an ${domain} gebunden. Reichen Sie sie ohne das ein, oder melden Sie eine eigene Domain an; dann geht sie von selbst hinaus.`,
  ],
  'own-domain': [
    'With a domain of your own, and its records published, From stays as it is and receivers can prove it.',
    'Mit einer eigenen Domain und ihren DNS-Einträgen bleibt der Absender, wie er ist, und Empfänger können ihn prüfen.',
  ],
  'agree-to-rewriting': [
    'Agree that From is written anew: receivers can prove that mail once the records of that domain are seen, and answers go to the person.',
    'Stimmen Sie zu, dass der Absender umgeschrieben wird: Sobald die Einträge der Domain dafür zu sehen sind, können Empfänger die Post prüfen, und Antworten gehen an die Person.',
  ],
  'allow-rewriting': [
    'An operator can allow that From is written anew on a domain of the platform: receivers can prove that mail once its records are seen.',
    'Ein Betreiber kann erlauben, dass der Absender auf einer Domain der Plattform umgeschrieben wird: Sobald deren Einträge zu sehen sind, können Empfänger die Post prüfen.',
  ],
  'held-no-account': [
    'No provider account is set for this mail. Add one, or name one in the routing.',
    'Für diese Post ist kein Anbieterkonto eingerichtet. Legen Sie eines an, oder nennen Sie eines in den Wegen.',
  ],
  'held-free-mailbox': [
    (domain: string) =>
      `From is an address at ${domain}, which forbids others to send in its name. Use an address of a domain of your own.`,
    (domain: string) =>
      `Der Absender ist eine Adresse bei ${domain}, das anderen verbietet, in seinem Namen zu schreiben. Nehmen Sie eine Adresse einer eigenen Domain.`,
  ],
  'held-domain-not-authenticated': [
    (domain: string) => `${domain} is not authenticated, and every way insists on it. Publish its records.`,
    (domain: string) => `${domain} ist nicht bestätigt, und jeder Weg besteht darauf. Veröffentlichen Sie die DNS-Einträge.`,
  ],
  'held-every-account-out': [
    'Every way is paused or cannot carry this message. It goes out by itself when one can; the table says what each lacks.',
    'Jeder Weg ist angehalten oder kann diese Nachricht nicht tragen. Sie geht von selbst hinaus, sobald einer es kann; die Tabelle sagt, was jedem fehlt.',
  ],
  authenticate: [
    (domain: string, way: string) => `Authenticate ${domain} (SPF and DKIM) and this mail can take ${way}.`,
    (domain: string, way: string) => `Bestätigen Sie ${domain} (SPF und DKIM), dann kann diese Post ${way} nehmen.`,
  ],
  betterWay: ['a better way', 'einen besseren Weg'],
});

export type DecisionWords = Words<typeof decisionWords>;

/** Why a route stands where it does. What a provider or a health check said in its own words is kept as it was said. */
export function sayJudgement({ account, code, facts, because }: Judgement, words: DecisionWords): string {
  switch (code) {
    case 'domain-not-authenticated':
    case 'free-mailbox':
    case 'as-is-not-allowed':
    case 'unproven':
    case 'only-way-unproven':
    case 'key-revoked':
      return facts.domain === null ? because : words[code](facts.domain);
    case 'too-large':
      return facts.bytes === null || facts.bytesMax === null ? because : words[code](String(facts.bytes), String(facts.bytesMax));
    case 'after-another':
      return facts.first === null ? words[code] : words.afterNamed(facts.first);
    case 'rewritten':
    case 'rewriting-not-agreed':
      return facts.address === null ? because : words[code](facts.address);
    case 'signed-by-author':
      return facts.signed_with === null ? because : words[code](facts.signed_with);
    case 'rewriting-not-allowed':
    case 'chosen':
    case 'paused':
    case 'refused-already':
      return words[code];
    case 'ip-blocked':
    case 'only-way':
    case 'unwell':
      // An organisation is told no more than that; operators read what ails the account.
      return account === '' ? words[code] : because;
    default:
      return because;
  }
}

/** Why nothing is eligible. */
export function sayHeld({ held_code: code, held_because: because, facts }: Decision, words: DecisionWords): string | null {
  if (code === 'no-account') return words['held-no-account'];
  if (code === 'every-account-out') return words['held-every-account-out'];
  if (code === 'free-mailbox' && facts.domain !== null) return words['held-free-mailbox'](facts.domain);
  if (facts.domain === null) return because;
  if (code === 'domain-not-authenticated' || code === 'rewriting-not-agreed' || code === 'signed-by-author' || code === 'key-revoked')
    return words[`held-${code}`](facts.domain);
  return because;
}

/** What would open a better way. */
export function sayBetter({ better_code: code, better, facts }: Decision, words: DecisionWords): string | null {
  if (better !== null && (code === 'own-domain' || code === 'agree-to-rewriting' || code === 'allow-rewriting')) return words[code];
  if (better === null || facts.domain === null) return better;
  if (code === 'publish-records') return words.publish(facts.domain);
  if (code !== 'authenticate-domain') return better;
  return words.authenticate(facts.domain, facts.account ?? words.betterWay);
}
