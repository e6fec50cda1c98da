// This file holds the texts of single senders: who confirmed them, what happens to From, and rewriting.
import { capital, catalogue, numberWord } from './words.ts';

export const senderWords = catalogue({
  title: ['Single senders', 'Einzelne Absender'],
  what: ['the senders', 'Die Absender'],
  asking: ['Asking who may stand in From …', 'Es wird gefragt, wer als Absender stehen darf …'],
  // Log line
  lineNone: ['No single address may stand in From.', 'Keine einzelne Adresse darf als Absender stehen.'],
  lineWaits: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'address waits' : 'addresses wait'}](#list) for the owner to confirm.`,
    (count: number) =>
      count === 1
        ? '[Eine Adresse wartet](#list) auf die Bestätigung durch die Person.'
        : `[${capital(numberWord(count, 'de'))} Adressen warten](#list) auf die Bestätigung durch die Person.`,
  ],
  lineHeld: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} confirmed ${count === 1 ? 'address cannot' : 'addresses cannot'} be used](#list) as it stands.`,
    (count: number) =>
      count === 1
        ? '[Eine bestätigte Adresse ist so nicht benutzbar](#list).'
        : `[${capital(numberWord(count, 'de'))} bestätigte Adressen sind so nicht benutzbar](#list).`,
  ],
  lineRewritten: [
    (count: number) => `Mail leaves from all of them; [From of ${numberWord(count, 'en')}](#list) is written anew.`,
    (count: number) =>
      `Von allen geht Post hinaus; bei [${count === 1 ? 'einer' : numberWord(count, 'de')}](#list) wird der Absender neu geschrieben.`,
  ],
  lineAll: [
    (count: number) =>
      count === 1
        ? 'Mail leaves from [the one address](#list) as it is.'
        : `Mail leaves from all [${numberWord(count, 'en')} addresses](#list) as it is.`,
    (count: number) =>
      count === 1
        ? 'Von [der einen Adresse](#list) geht Post unverändert hinaus.'
        : `Von allen [${numberWord(count, 'de')} Adressen](#list) geht Post unverändert hinaus.`,
  ],
  whose: ['Tenant', 'Organisation'],
  list: ['Addresses', 'Adressen'],
  listQuestion: [
    'Addresses that may stand in From without a domain of their own, each confirmed by whoever reads its mail.',
    'Adressen, die ohne eigene Domain als Absender stehen dürfen, jede bestätigt von der Person, die ihre Post liest.',
  ],
  noneHow: ['Only needed where the organisation has no domain of its own.', 'Nur nötig, wo die Organisation keine eigene Domain hat.'],
  address: ['Address', 'Adresse'],
  state: ['Confirmed', 'Bestätigt'],
  treatment: ['What happens to From', 'Was mit dem Absender geschieht'],
  treatmentShort: ['From', 'Absender'],
  actions: ['Actions', 'Handlungen'],
  byMail: ['by its owner', 'von der Person'],
  byOperator: ['by the operator', 'vom Betreiber'],
  asked: [(when: string) => `asked by mail, until ${when}`, (when: string) => `per Mail gefragt, bis ${when}`],
  notAsked: ['nobody was asked yet', 'noch niemand gefragt'],
  asIs: ['It stays as it is.', 'Er bleibt, wie er ist.'],
  rewrite: [
    (address: string) => `It is written anew as ${address}; answers go to the person.`,
    (address: string) => `Er wird neu geschrieben als ${address}; Antworten gehen an die Person.`,
  ],
  refused: ['Mail is refused until the address is confirmed.', 'Post wird abgelehnt, bis die Adresse bestätigt ist.'],
  confirm: ['Ask the owner by mail', 'Die Person per Mail fragen'],
  confirmAgain: ['Ask again', 'Noch einmal fragen'],
  confirmed: [
    (address: string) => `A mail asks whoever reads ${address}.`,
    (address: string) => `Eine Mail fragt die Person, die ${address} liest.`,
  ],
  vouch: ['Vouch for it', 'Dafür bürgen'],
  unvouch: ['No longer vouch', 'Nicht mehr bürgen'],
  vouched: [(address: string) => `${address} may stand in From.`, (address: string) => `${address} darf als Absender stehen.`],
  unvouched: [
    (address: string) => `${address} may not stand in From any more.`,
    (address: string) => `${address} darf nicht mehr als Absender stehen.`,
  ],
  remove: ['Remove', 'Entfernen'],
  removed: [(address: string) => `${address} is removed.`, (address: string) => `${address} ist entfernt.`],
  add: ['Add a single sender', 'Einzelnen Absender anlegen'],
  addVerb: ['Add the sender', 'Absender anlegen'],
  addConfirm: ['Ask its owner by mail instead of vouching for it', 'Die Person per Mail fragen, statt dafür zu bürgen'],
  added: [(address: string) => `${address} is added.`, (address: string) => `${address} ist angelegt.`],
  toAll: ['All about its senders', 'Alles zu ihren Absendern'],
  // Rewriting
  rewriting: ['From written anew', 'Absender neu schreiben'],
  platformDomain: ['The platform’s domain', 'Die Domain der Plattform'],
  platformDomainQuestion: [
    (domain: string) => `Its records, and what mail with From on ${domain} is signed with.`,
    (domain: string) => `Ihre Einträge, und womit Post mit einem Absender auf ${domain} signiert wird.`,
  ],
  rewritingQuestion: [
    'For addresses at Gmail, GMX and the like, whose mail receivers refuse when it comes from elsewhere.',
    'Für Adressen bei Gmail, GMX und ähnlichen, deren Post Empfänger abweisen, wenn sie von woanders kommt.',
  ],
  explain: [
    (domain: string) =>
      `Mail of such an address goes out in the name of the organisation, from an address below ${domain}. Reply-To names the person, so answers go where they always went. Mail signed by its author (S/MIME, PGP) is held instead.`,
    (domain: string) =>
      `Post einer solchen Adresse geht im Namen der Organisation hinaus, von einer Adresse unter ${domain}. Reply-To nennt die Person, Antworten gehen also dorthin, wohin sie immer gingen. Von der Person signierte Post (S/MIME, PGP) wird stattdessen angehalten.`,
  ],
  aDomain: ['a domain of the platform', 'einer Domain der Plattform'],
  impossible: [
    'This desk has no domain on which From could be written anew.',
    'Dieses Pult hat keine Domain, auf der sich der Absender neu schreiben ließe.',
  ],
  notAllowed: ['The operator has not allowed it for this organisation.', 'Der Betreiber hat es für diese Organisation nicht erlaubt.'],
  allow: ['Allow it for this organisation', 'Für diese Organisation erlauben'],
  asIsToo: [
    'Accounts that accept a confirmed address may carry mail as it is',
    'Konten, die eine bestätigte Adresse annehmen, dürfen Post unverändert tragen',
  ],
  cap: ['At most, recipients a day', 'Höchstens, Empfänger am Tag'],
  capHint: ['Empty: the number of the desk.', 'Leer: die Zahl des Pults.'],
  used: [
    (used: string, cap: string) => `${used} of ${cap} recipients today.`,
    (used: string, cap: string) => `${used} von ${cap} Empfängern heute.`,
  ],
  save: ['Save', 'Speichern'],
  saved: ['Saved.', 'Gespeichert.'],
  consent: ['Agree to it', 'Zustimmen'],
  consentTitle: ['Agree that From is written anew', 'Zustimmen, dass der Absender neu geschrieben wird'],
  consentVerb: ['We agree', 'Wir stimmen zu'],
  consentFor: [
    'The organisation has to want this. It is kept who agreed, and when.',
    'Die Organisation muss das wollen. Es wird vermerkt, wer zugestimmt hat, und wann.',
  ],
  consented: [(when: string) => `The organisation agreed ${when}.`, (when: string) => `Die Organisation hat ${when} zugestimmt.`],
  notConsented: [
    'The organisation has not agreed yet; until then such mail waits.',
    'Die Organisation hat noch nicht zugestimmt; bis dahin wartet solche Post.',
  ],
  consentNow: ['It is agreed; From is written anew from now on.', 'Zugestimmt; ab jetzt wird der Absender neu geschrieben.'],
  withdraw: ['Take it back', 'Zurücknehmen'],
  withdrawn: ['It is taken back; such mail waits from now on.', 'Zurückgenommen; solche Post wartet ab jetzt.'],
  // Preview
  preview: ['What readers would see', 'Was Leser sehen würden'],
  previewQuestion: [
    'Before anything is handed in: as whom it goes out, and why.',
    'Bevor etwas abgegeben wird: als wer es hinausgeht, und warum.',
  ],
  from: ['From', 'Absender (From)'],
  fromHint: ['An address, or "Name <address>".', 'Eine Adresse, oder "Name <Adresse>".'],
  show: ['Show it', 'Zeigen'],
  replyTo: ['Answers go to', 'Antworten gehen an'],
  because: ['Why', 'Warum'],
  treated: ['From', 'Absender'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});
