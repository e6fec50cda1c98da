// This file holds the texts of Domains: the list, one domain with its records, and how they are published.
import { capital, catalogue, numberWord } from './words.ts';

export const domainWords = catalogue({
  title: ['Domains', 'Absenderdomains'],
  titleOwn: ['Our domain', 'Unsere Domain'],
  what: ['the domains', 'Die Domains'],
  asking: ['Asking what the records say …', 'Es wird gefragt, was die Einträge sagen …'],
  // Log line of the list
  none: ['No sending domain yet.', 'Noch keine Absenderdomain.'],
  noneHow: [
    'A domain of its own lets receivers check that the mail is genuine.',
    'Mit einer eigenen Domain können Empfänger prüfen, ob die Post echt ist.',
  ],
  noMatch: ['No domain fits.', 'Keine Domain passt dazu.'],
  noMatchHow: ['Take a filter away, or look for another name.', 'Nehmen Sie einen Filter weg, oder suchen Sie einen anderen Namen.'],
  lineBroken: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'domain is' : 'domains are'}](#list) broken: receivers cannot prove ${count === 1 ? 'its' : 'their'} mail.`,
    (count: number) =>
      count === 1
        ? '[Eine Domain](#list) ist gestört: Empfänger können ihre Post nicht prüfen.'
        : `[${capital(numberWord(count, 'de'))} Domains](#list) sind gestört: Empfänger können ihre Post nicht prüfen.`,
  ],
  lineWarning: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'domain needs' : 'domains need'} care](#list) before anything breaks.`,
    (count: number) =>
      count === 1
        ? '[Eine Domain braucht Pflege](#list), bevor etwas bricht.'
        : `[${capital(numberWord(count, 'de'))} Domains brauchen Pflege](#list), bevor etwas bricht.`,
  ],
  linePending: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} ${count === 1 ? 'domain waits for its' : 'domains wait for their'} records](#list).`,
    (count: number) =>
      count === 1
        ? '[Eine Domain wartet](#list) auf ihre Einträge.'
        : `[${capital(numberWord(count, 'de'))} Domains warten](#list) auf ihre Einträge.`,
  ],
  lineRest: ['The others are right.', 'Die anderen stimmen.'],
  lineAll: [
    (count: number, words: string) =>
      count === 1 ? 'The records of the one domain are right.' : `The records of all ${words} domains are right.`,
    (count: number, words: string) =>
      count === 1 ? 'Die Einträge der einen Domain stimmen.' : `Die Einträge aller ${words} Domains stimmen.`,
  ],
  // Filters and table
  search: ['Part of the name', 'Teil des Namens'],
  look: ['Look', 'Suchen'],
  state: ['State', 'Zustand'],
  tenant: ['Tenant', 'Organisation'],
  clear: ['Clear all', 'Alles zurücksetzen'],
  caption: ['Sending domains', 'Absenderdomains'],
  name: ['Domain', 'Domain'],
  wrongOf: [
    (wrong: string, all: string) => `${wrong} of ${all} not right`,
    (wrong: string, all: string) => `${wrong} von ${all} stimmen nicht`,
  ],
  allRight: ['all right', 'stimmen alle'],
  notSeen: ['nobody looked yet', 'noch nicht angesehen'],
  records: ['Records', 'Einträge'],
  checked: ['Looked at', 'Angesehen'],
  never: ['never yet', 'noch nie'],
  since: ['Since', 'Seit'],
  pending: ['Waits for its records', 'Wartet auf ihre Einträge'],
  verified: ['Verified', 'Geprüft'],
  warning: ['Needs care', 'Braucht Pflege'],
  broken: ['Broken', 'Gestört'],
  add: ['Add a domain', 'Domain anlegen'],
  // One
  whatOne: ['this domain', 'Diese Domain'],
  askingOne: ['Asking what its records say …', 'Es wird gefragt, was ihre Einträge sagen …'],
  oneNotSeen: [
    (count: number) => `[${capital(numberWord(count, 'en'))} records](#records) have to be published; we look for them by ourselves.`,
    (count: number) => `[${capital(numberWord(count, 'de'))} Einträge](#records) sind anzulegen; wir sehen von selbst nach ihnen.`,
  ],
  oneGivenUp: [
    (count: number) =>
      `[${capital(numberWord(count, 'en'))} records](#records) have to be published; nobody looks by itself any more, so press “Look now” then.`,
    (count: number) =>
      `[${capital(numberWord(count, 'de'))} Einträge](#records) sind anzulegen; von selbst sieht niemand mehr nach. Drücken Sie dann „Jetzt nachsehen“.`,
  ],
  onePending: [
    (wrong: number, all: number) =>
      `${capital(numberWord(wrong, 'en'))} of ${numberWord(all, 'en')} records [${wrong === 1 ? 'is' : 'are'} not there yet](#records); until then the domain cannot be used.`,
    (wrong: number, all: number) =>
      `${capital(wrong === 1 ? 'einer' : numberWord(wrong, 'de'))} von ${numberWord(all, 'de')} Einträgen [${wrong === 1 ? 'fehlt' : 'fehlen'} noch](#records); bis dahin ist die Domain nicht benutzbar.`,
  ],
  oneRight: [
    'Its records are [right](#records); receivers can prove its mail.',
    'Ihre Einträge [stimmen](#records); Empfänger können ihre Post prüfen.',
  ],
  oneRightUnproved: ['Its records are [right](#records).', 'Ihre Einträge [stimmen](#records).'],
  oneWarning: [
    (wrong: number, all: number, when: string) =>
      `${capital(numberWord(wrong, 'en'))} of ${numberWord(all, 'en')} records [${wrong === 1 ? 'is' : 'are'} wrong](#records); unless mended, the domain breaks ${when}.`,
    (wrong: number, all: number, when: string) =>
      `${capital(wrong === 1 ? 'einer' : numberWord(wrong, 'de'))} von ${numberWord(all, 'de')} Einträgen [${wrong === 1 ? 'ist' : 'sind'} falsch](#records); ohne Korrektur ist die Domain ${when} gestört.`,
  ],
  oneCare: [
    (wrong: number, all: number) =>
      `It is in use, but ${numberWord(wrong, 'en')} of ${numberWord(all, 'en')} records [${wrong === 1 ? 'is' : 'are'} not right](#records).`,
    (wrong: number, all: number) =>
      `Sie ist in Gebrauch, aber ${wrong === 1 ? 'einer' : numberWord(wrong, 'de')} von ${numberWord(all, 'de')} Einträgen [${wrong === 1 ? 'stimmt' : 'stimmen'} nicht](#records).`,
  ],
  oneVouched: [
    'It is in use because [a person vouches for it](#records); its records are not seen yet.',
    'Sie ist in Gebrauch, weil [ein Mensch für sie bürgt](#records); ihre Einträge sind noch nicht gesehen.',
  ],
  oneBroken: [
    (wrong: number, all: number) =>
      `${capital(numberWord(wrong, 'en'))} of ${numberWord(all, 'en')} records [${wrong === 1 ? 'is' : 'are'} wrong](#records), so receivers cannot prove its mail.`,
    (wrong: number, all: number) =>
      `${capital(wrong === 1 ? 'einer' : numberWord(wrong, 'de'))} von ${numberWord(all, 'de')} Einträgen [${wrong === 1 ? 'ist' : 'sind'} falsch](#records); Empfänger können ihre Post nicht prüfen.`,
  ],
  // Where it stands
  standing: ['Where this domain stands', 'Wo diese Domain steht'],
  added: [(when: string) => `Added ${when}`, (when: string) => `Angelegt ${when}`],
  verifiedAt: [(when: string) => `Verified ${when}`, (when: string) => `Geprüft ${when}`],
  notVerified: ['Verified', 'Geprüft'],
  vouched: ['A person vouches for it', 'Ein Mensch bürgt für sie'],
  graceUntil: [(when: string) => `Needs care, breaks ${when}`, (when: string) => `Braucht Pflege, bricht ${when}`],
  brokenSince: [(when: string) => `Broken since ${when}`, (when: string) => `Gestört seit ${when}`],
  looked: [(when: string) => `Last look ${when}`, (when: string) => `Letzter Blick ${when}`],
  next: [(when: string) => `next look ${when}`, (when: string) => `nächster Blick ${when}`],
  checkNow: ['Look now', 'Jetzt nachsehen'],
  checking: ['Asking the name servers …', 'Die Nameserver werden gefragt …'],
  checkedNow: ['Looked: what stands here is from this moment.', 'Nachgesehen: Was hier steht, ist von eben.'],
  reports: ['What receivers report', 'Was Empfänger berichten'],
  vouch: ['Count it as proved', 'Als bewiesen führen'],
  unvouch: ['Count it as not proved', 'Als nicht bewiesen führen'],
  vouchedNow: [(name: string) => `${name} counts as proved.`, (name: string) => `${name} gilt als bewiesen.`],
  unvouchedNow: [(name: string) => `${name} does not count as proved.`, (name: string) => `${name} gilt nicht als bewiesen.`],
  remove: ['Remove', 'Entfernen'],
  removeTitle: [(name: string) => `Remove ${name}`, (name: string) => `${name} entfernen`],
  removeBody: [
    'From then on no mail may come from this domain, and its signing keys are gone for good.',
    'Danach darf keine Post mehr von dieser Domain kommen, und ihre Signaturschlüssel sind endgültig fort.',
  ],
  removed: [(name: string) => `${name} is removed.`, (name: string) => `${name} ist entfernt.`],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});

/** The table of records. */
export const recordWords = catalogue({
  title: ['Records', 'Einträge'],
  question: [
    (name: string) => `What the internet should say about ${name}, and what it says.`,
    (name: string) => `Was das Internet über ${name} sagen soll, und was es sagt.`,
  ],
  forWhat: ['For', 'Wofür'],
  type: ['Type', 'Typ'],
  host: ['Host', 'Host'],
  value: ['Should say', 'Soll lauten'],
  found: ['We found', 'Wir fanden'],
  same: ['The same', 'Dasselbe'],
  nothing: ['Nothing', 'Nichts'],
  unreachable: [
    'The DNS did not answer; what was known before still counts.',
    'Das DNS antwortete nicht; was vorher bekannt war, gilt weiter.',
  ],
  unchecked: ['Nobody looked yet', 'Noch nicht nachgesehen'],
  optional: [
    (count: number) => `${capital(numberWord(count, 'en'))} more, good to have`,
    (count: number) => `${capital(numberWord(count, 'de'))} weitere, gut zu haben`,
  ],
  required: ['needed', 'nötig'],
  recommended: ['mail arrives better with it', 'damit kommt Post besser an'],
  good: ['good to have', 'gut zu haben'],
});

export const purposeNames = catalogue({
  ownership: ['Ownership', 'Besitz'],
  dkim: ['Signature', 'Signatur'],
  'return-path': ['Return address', 'Rückweg'],
  spf: ['Allowed senders', 'Erlaubte Absender'],
  dmarc: ['Policy', 'Richtlinie'],
  'mta-sts': ['Encryption wanted', 'Verschlüsselung verlangt'],
  'tls-rpt': ['Encryption reports', 'Verschlüsselungsberichte'],
  provider: ['Provider', 'Anbieter'],
});

/** Getting it done. */
export const publishWords = catalogue({
  title: ['Getting it done', 'So gelingt es'],
  question: ['Nobody in the club has to understand this.', 'Das muss im Verein niemand verstehen.'],
  what: ['how records are published', 'Wie Einträge angelegt werden'],
  letter: ['A letter to whoever runs the website', 'Ein Brief an die Person, die die Website betreut'],
  letterLang: ['Language of the letter', 'Sprache des Briefs'],
  copyLetter: ['Copy the letter', 'Brief kopieren'],
  copied: ['The letter is copied.', 'Der Brief ist kopiert.'],
  openMail: ['Open in mail', 'In E-Mail öffnen'],
  subject: ['Subject', 'Betreff'],
  where: ['Where is the DNS?', 'Wo liegt das DNS?'],
  detected: [(name: string) => `The name servers belong to ${name}.`, (name: string) => `Die Nameserver gehören zu ${name}.`],
  choose: ['Steps for', 'Schritte für'],
  steps: ['Steps', 'Schritte'],
  zone: ['Zone file snippet', 'Auszug für die Zonendatei'],
  zoneCopy: ['the zone file snippet', 'Auszug für die Zonendatei'],
  policy: ['The file that belongs to the MTA-STS record', 'Die Datei zum MTA-STS-Eintrag'],
});

/** Keys and how they turn. */
export const keyWords = catalogue({
  title: ['Keys', 'Schlüssel'],
  question: [
    'What mail of this domain is signed with. Old ones stay in DNS for mail on its way.',
    'Womit Post dieser Domain signiert wird. Alte bleiben im DNS für Post, die unterwegs ist.',
  ],
  what: ['the keys of this domain', 'Die Schlüssel dieser Domain'],
  selector: ['Selector', 'Selektor'],
  state: ['State', 'Zustand'],
  since: ['Since', 'Seit'],
  next: ['What comes next', 'Was als Nächstes kommt'],
  new: ['not seen in DNS yet', 'noch nicht im DNS gesehen'],
  published: ['seen; waits until caches forgot', 'gesehen; wartet, bis Zwischenspeicher vergessen haben'],
  active: ['signs', 'signiert'],
  retiring: ['signs no more, its record stays', 'signiert nicht mehr, ihr Eintrag bleibt'],
  revoked: ['over', 'vorbei'],
  rsa: ['RSA', 'mit RSA'],
  ed25519: ['Ed25519, beside RSA', 'Ed25519, neben RSA'],
  looksAgain: [(when: string) => `looked for again ${when}`, (when: string) => `${when} wieder gesucht`],
  signsFrom: [(when: string) => `signs from ${when}`, (when: string) => `signiert ab ${when}`],
  endsAt: [(when: string) => `ends ${when}`, (when: string) => `endet ${when}`],
  older: [(count: string) => `${count} over`, (count: string) => `${count} vorbei`],
  rotate: ['Make the next key', 'Nächsten Schlüssel machen'],
  rotateTitle: ['Make the next key', 'Den nächsten Schlüssel machen'],
  rotateBody: [
    'It signs once it is seen in DNS and caches had time to forget. Until then the old one signs, and its record stays a week longer. Where the record is a CNAME nobody has to publish anything.',
    'Er signiert, sobald er im DNS gesehen ist und Zwischenspeicher vergessen konnten. Bis dahin signiert der alte, und sein Eintrag bleibt eine Woche länger. Wo der Eintrag ein CNAME ist, muss niemand etwas anlegen.',
  ],
  rotated: [
    'The next key is made; its record stands in the table above.',
    'Der nächste Schlüssel ist da; sein Eintrag steht oben in der Tabelle.',
  ],
  look: ['Look for keys now', 'Jetzt nach Schlüsseln sehen'],
  lookedNow: ['Looked for the keys that are on their way.', 'Nach den Schlüsseln gesehen, die unterwegs sind.'],
  second: ['Sign with Ed25519 as well', 'Auch mit Ed25519 signieren'],
  secondOn: [
    'A second key is made; its record stands in the table above.',
    'Ein zweiter Schlüssel ist da; sein Eintrag steht oben in der Tabelle.',
  ],
  secondOff: ['It signs with RSA alone.', 'Es wird nur mit RSA signiert.'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});

/** Where the domain stands at providers. */
export const providerDomainWords = catalogue({
  title: ['At the providers', 'Bei den Anbietern'],
  question: [
    'Providers that want to know a domain before they take its mail. Their records stand in the table above.',
    'Anbieter, die eine Domain kennen wollen, bevor sie ihre Post nehmen. Ihre Einträge stehen oben in der Tabelle.',
  ],
  none: ['No provider was told of this domain.', 'Noch kein Anbieter weiß von dieser Domain.'],
  register: ['Tell every account', 'Allen Konten melden'],
  registered: [
    'The providers are told; what they ask for stands in the table above.',
    'Die Anbieter wissen Bescheid; was sie verlangen, steht oben in der Tabelle.',
  ],
  provider: ['Account', 'Konto'],
  state: ['State', 'Zustand'],
  signing: ['Signs with', 'Signiert mit'],
  own: ['the domain’s own key', 'dem Schlüssel der Domain'],
  theirs: ['not its own key', 'nicht dem eigenen'],
  checked: ['Looked at', 'Angesehen'],
  asked: ['has not answered yet', 'hat noch nicht geantwortet'],
  pending: ['waits for records, or reviews it', 'wartet auf Einträge oder prüft'],
  verified: ['takes its mail', 'nimmt ihre Post'],
  blocked: ['refuses the domain', 'lehnt die Domain ab'],
  check: ['Let it look', 'Nachsehen lassen'],
  looked: ['The provider looked.', 'Der Anbieter hat nachgesehen.'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});
