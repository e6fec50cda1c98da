// This file says every check of ourselves in plain words, in every language: what is so, and what to do next ('' where nothing is to be done).
import type { Language } from '../../language.ts';

export interface SelfCheckFacts {
  /** What it is about: an address, a host, a door. */
  readonly subject: string;
  readonly seen: string;
  readonly wanted: string;
  readonly detail: string;
}

interface Said {
  readonly says: string;
  readonly next: string;
}

const ENGLISH = {
  'ptr-ok': { says: '{subject} is named {seen}, and that name leads back to it.', next: '' },
  'ptr-missing': {
    says: '{subject} has no name in reverse DNS (PTR); large receivers refuse its mail.',
    next: 'Have your hosting company set its reverse DNS to {wanted}.',
  },
  'ptr-not-confirmed': {
    says: '{subject} is named {seen}, but that name does not lead back to it.',
    next: 'Give {seen} an address record with {subject}, or have the reverse DNS changed to a name that has one.',
  },
  'ptr-generic': {
    says: '{subject} has the generic name {seen}, as home connections have; receivers trust it less.',
    next: 'Have your hosting company set its reverse DNS to {wanted}.',
  },
  'addresses-unknown': {
    says: 'It is not known from which addresses mail leaves, so their names were not checked.',
    next: 'Set PACKETBOAT_SENDING_IPS to the public addresses of your own mail servers. With providers alone nothing is to be done.',
  },
  'helo-ok': { says: '{subject}, the name said in SMTP, has an address.', next: '' },
  'helo-missing': {
    says: '{subject}, the name said in SMTP, has no address.',
    next: 'Give it an address record, or set another name (PACKETBOAT_HOSTNAME, "helo" of the account).',
  },
  'helo-elsewhere': {
    says: '{subject}, the name said in SMTP, leads to {seen}, where no mail of ours leaves from.',
    next: 'Give it an address record with a sending address.',
  },
  'return-path-ok': { says: 'Mail to {subject} reaches our inbound door at {seen}.', next: '' },
  'return-path-no-mx': {
    says: '{subject} has no mail exchanger, so bounces and reports never come back.',
    next: 'Publish: {subject} MX 10 {wanted}.',
  },
  'return-path-elsewhere': {
    says: 'Mail to {subject} goes to {seen}, where another server answers ({detail}).',
    next: 'Let the MX of {subject} lead to this desk ({wanted}), port 25 forwarded to its inbound port.',
  },
  'return-path-closed': {
    says: 'Nobody answers on port 25 of {seen}, where mail to {subject} goes ({detail}).',
    next: 'Forward port 25 there to the inbound port. If it only cannot be reached from the inside, nothing is to be done.',
  },
  'return-path-spf-ok': { says: 'The SPF record of {subject} allows our addresses.', next: '' },
  'return-path-spf-missing': {
    says: '{subject} has no SPF record, so nothing that we hand over passes SPF.',
    next: 'Publish: {subject} TXT "{wanted}"',
  },
  'return-path-spf-refuses': {
    says: 'The SPF record of {subject} does not allow {seen}: {detail}.',
    next: 'Add the address to it: {wanted}',
  },
  'return-path-spf-broken': { says: 'The SPF record of {subject} cannot be used: {detail}.', next: 'Correct it.' },
  'reports-not-authorised': {
    says: '{subject} does not say that it takes reports about other domains, so receivers keep them to themselves.',
    next: 'Publish: *._report._dmarc.{subject} TXT "v=DMARC1"',
  },
  'reports-ok': { says: '{subject} says that it takes reports about other domains.', next: '' },
  'zone-ok': { says: 'The zone {subject} is delegated to {seen}.', next: '' },
  'zone-not-delegated': {
    says: 'The zone {subject} of our DKIM keys is not delegated to this desk (name servers: {seen}).',
    next: 'In the zone above, publish: {subject} NS {wanted}',
  },
  'certificate-ok': { says: 'The certificate of {subject} is good for another {detail} days.', next: '' },
  'certificate-ends': {
    says: 'The certificate of {subject} ends in {detail} days.',
    next: 'Renew it; new files are taken up by themselves within seconds.',
  },
  'certificate-ended': {
    says: 'The certificate of {subject} has ended.',
    next: 'Renew it; new files are taken up by themselves within seconds.',
  },
  'certificate-name': { says: 'The certificate of {subject} is not for that name ({seen}).', next: 'Get one for {subject}.' },
  'certificate-none': {
    says: 'The doors for SMTP use a certificate that the desk made itself.',
    next: 'Set PACKETBOAT_TLS_CERT and PACKETBOAT_TLS_KEY before applications on other machines connect.',
  },
  'https-certificate-none': {
    says: 'HTTPS at {subject} shows a certificate that the desk made itself; browsers and programs refuse it.',
    next: 'Set PACKETBOAT_HTTPS_CERT and PACKETBOAT_HTTPS_KEY to a certificate for that name.',
  },
  'certificate-mismatch': {
    says: 'The key in {seen} does not belong to the certificate in {subject}; the desk goes on with the pair it had, and could not start with this one.',
    next: 'Put the key there that the certificate was made for; the pair is taken up by itself within seconds.',
  },
  'certificate-unreadable': {
    says: 'The certificate of {subject} cannot be looked at: {detail}.',
    next: 'Check that the file or the address is right.',
  },
  'keys-ok': { says: 'No DKIM key is older than {wanted} days.', next: '' },
  'keys-old': {
    says: '{detail} domains sign with a DKIM key older than {wanted} days.',
    next: 'Rotate them ("packetboat domains" shows whose), or let customers delegate their keys with PACKETBOAT_DKIM_ZONE.',
  },
  'rewriting-key-ok': { says: 'The signing key of the rewriting domain {subject} is {detail} days old.', next: '' },
  'rewriting-key-old': {
    says: 'The signing key of the rewriting domain {subject} is {detail} days old; {wanted} are the most it should be.',
    next: 'Make the next one with "packetboat senders domain --rotate" and publish its record.',
  },
  'rewriting-key-missing': {
    says: 'Nothing signs for the rewriting domain {subject}: its key was revoked, and the next one is not seen in the DNS. Mail with From written anew waits.',
    next: 'Publish the records that "packetboat senders domain" shows.',
  },
  'rewriting-records-ok': { says: 'The records of the rewriting domain {subject} are there.', next: '' },
  'rewriting-records-missing': {
    says: 'Records of the rewriting domain {subject} are missing or wrong ({detail}), so receivers cannot prove mail with From written anew.',
    next: 'Publish the records that "packetboat senders domain" shows.',
  },
  'clock-ok': { says: 'The clock agrees with the database.', next: '' },
  'clock-off': {
    says: 'The clock of this machine is {detail} seconds away from that of the database.',
    next: 'Switch on time synchronisation (chrony, systemd-timesyncd) on both.',
  },
  'no-answer': {
    says: 'DNS did not answer about {subject}: {detail}.',
    next: 'Nothing to do yet; it is asked again. If it lasts, check PACKETBOAT_DNS_SERVERS.',
  },
  'names-of-the-simulator': {
    says: '{subject} is a name of the simulator, so nothing in the world leads to it.',
    next: 'Before real mail leaves, set PACKETBOAT_HOSTNAME and PACKETBOAT_RETURN_PATH_HOST to names of your own.',
  },
} as const satisfies Readonly<Record<string, Said>>;

export type SelfCheckCode = keyof typeof ENGLISH;

const GERMAN: Readonly<Record<SelfCheckCode, Said>> = {
  'ptr-ok': { says: '{subject} heißt {seen}, und dieser Name führt dorthin zurück.', next: '' },
  'ptr-missing': {
    says: '{subject} hat keinen Namen im Reverse-DNS (PTR); große Empfänger weisen seine Post ab.',
    next: 'Lassen Sie das Reverse-DNS beim Hoster auf {wanted} setzen.',
  },
  'ptr-not-confirmed': {
    says: '{subject} heißt {seen}, aber dieser Name führt nicht dorthin zurück.',
    next: 'Geben Sie {seen} einen Adress-Eintrag mit {subject}, oder lassen Sie das Reverse-DNS auf einen Namen setzen, der einen hat.',
  },
  'ptr-generic': {
    says: '{subject} hat den Sammelnamen {seen}, wie ihn Heimanschlüsse haben; Empfänger trauen ihm weniger.',
    next: 'Lassen Sie das Reverse-DNS beim Hoster auf {wanted} setzen.',
  },
  'addresses-unknown': {
    says: 'Von welchen Adressen Post hinausgeht, ist nicht bekannt; ihre Namen wurden nicht geprüft.',
    next: 'Setzen Sie PACKETBOAT_SENDING_IPS auf die öffentlichen Adressen Ihrer eigenen Mailserver. Nur mit Anbietern ist nichts zu tun.',
  },
  'helo-ok': { says: '{subject}, der in SMTP genannte Name, hat eine Adresse.', next: '' },
  'helo-missing': {
    says: '{subject}, der in SMTP genannte Name, hat keine Adresse.',
    next: 'Geben Sie ihm einen Adress-Eintrag oder setzen Sie einen anderen Namen (PACKETBOAT_HOSTNAME, „helo“ des Kontos).',
  },
  'helo-elsewhere': {
    says: '{subject}, der in SMTP genannte Name, führt zu {seen}; von dort geht keine Post von uns hinaus.',
    next: 'Geben Sie ihm einen Adress-Eintrag mit einer sendenden Adresse.',
  },
  'return-path-ok': { says: 'Post an {subject} erreicht unseren Eingang bei {seen}.', next: '' },
  'return-path-no-mx': {
    says: '{subject} hat keinen Mailserver (MX); Rückläufer und Berichte kommen nie zurück.',
    next: 'Veröffentlichen Sie: {subject} MX 10 {wanted}.',
  },
  'return-path-elsewhere': {
    says: 'Post an {subject} geht an {seen}; dort antwortet ein anderer Server ({detail}).',
    next: 'Lassen Sie den MX von {subject} hierher führen ({wanted}), mit Port 25 auf den Eingangsport.',
  },
  'return-path-closed': {
    says: 'Auf Port 25 von {seen}, wohin Post an {subject} geht, antwortet niemand ({detail}).',
    next: 'Leiten Sie dort Port 25 auf den Eingangsport. Ist er nur von innen nicht erreichbar, ist nichts zu tun.',
  },
  'return-path-spf-ok': { says: 'Der SPF-Eintrag von {subject} erlaubt unsere Adressen.', next: '' },
  'return-path-spf-missing': {
    says: '{subject} hat keinen SPF-Eintrag; nichts, was wir übergeben, besteht SPF.',
    next: 'Veröffentlichen Sie: {subject} TXT "{wanted}"',
  },
  'return-path-spf-refuses': {
    says: 'Der SPF-Eintrag von {subject} erlaubt {seen} nicht: {detail}.',
    next: 'Nehmen Sie die Adresse auf: {wanted}',
  },
  'return-path-spf-broken': { says: 'Der SPF-Eintrag von {subject} ist nicht brauchbar: {detail}.', next: 'Berichtigen Sie ihn.' },
  'reports-not-authorised': {
    says: '{subject} sagt nicht, dass es Berichte über andere Domains annimmt; Empfänger behalten sie deshalb für sich.',
    next: 'Veröffentlichen Sie: *._report._dmarc.{subject} TXT "v=DMARC1"',
  },
  'reports-ok': { says: '{subject} sagt, dass es Berichte über andere Domains annimmt.', next: '' },
  'zone-ok': { says: 'Die Zone {subject} ist an {seen} delegiert.', next: '' },
  'zone-not-delegated': {
    says: 'Die Zone {subject} unserer DKIM-Schlüssel ist nicht an diesen Server delegiert (Nameserver: {seen}).',
    next: 'Veröffentlichen Sie in der Zone darüber: {subject} NS {wanted}',
  },
  'certificate-ok': { says: 'Das Zertifikat von {subject} gilt noch {detail} Tage.', next: '' },
  'certificate-ends': {
    says: 'Das Zertifikat von {subject} endet in {detail} Tagen.',
    next: 'Erneuern Sie es; eine neue Datei wird binnen einer Minute von selbst übernommen.',
  },
  'certificate-ended': {
    says: 'Das Zertifikat von {subject} ist abgelaufen.',
    next: 'Erneuern Sie es; eine neue Datei wird binnen einer Minute von selbst übernommen.',
  },
  'certificate-name': {
    says: 'Das Zertifikat von {subject} ist nicht für diesen Namen ({seen}).',
    next: 'Besorgen Sie eines für {subject}.',
  },
  'certificate-none': {
    says: 'Die SMTP-Türen benutzen ein selbst gemachtes Zertifikat.',
    next: 'Setzen Sie PACKETBOAT_TLS_CERT und PACKETBOAT_TLS_KEY, bevor sich Anwendungen anderer Rechner verbinden.',
  },
  'https-certificate-none': {
    says: 'HTTPS zeigt bei {subject} ein selbst gemachtes Zertifikat; Browser und Programme lehnen es ab.',
    next: 'Setzen Sie PACKETBOAT_HTTPS_CERT und PACKETBOAT_HTTPS_KEY auf ein Zertifikat für diesen Namen.',
  },
  'certificate-mismatch': {
    says: 'Der Schlüssel in {seen} gehört nicht zum Zertifikat in {subject}; es gilt weiter das Paar von vorher, ein Neustart würde scheitern.',
    next: 'Legen Sie den Schlüssel dorthin, für den das Zertifikat gemacht ist; das Paar wird binnen Sekunden von selbst übernommen.',
  },
  'certificate-unreadable': {
    says: 'Das Zertifikat von {subject} lässt sich nicht ansehen: {detail}.',
    next: 'Prüfen Sie, ob Datei oder Adresse stimmen.',
  },
  'keys-ok': { says: 'Kein DKIM-Schlüssel ist älter als {wanted} Tage.', next: '' },
  'keys-old': {
    says: '{detail} Domains signieren mit einem DKIM-Schlüssel, der älter als {wanted} Tage ist.',
    next: 'Tauschen Sie die Schlüssel („packetboat domains“ zeigt, wessen), oder lassen Sie sie mit PACKETBOAT_DKIM_ZONE delegieren.',
  },
  'rewriting-key-ok': { says: 'Der Signaturschlüssel der Umschreibe-Domain {subject} ist {detail} Tage alt.', next: '' },
  'rewriting-key-old': {
    says: 'Der Signaturschlüssel der Umschreibe-Domain {subject} ist {detail} Tage alt; mehr als {wanted} sollten es nicht sein.',
    next: 'Machen Sie den nächsten mit „packetboat senders domain --rotate“ und legen Sie seinen Eintrag an.',
  },
  'rewriting-key-missing': {
    says: 'Für die Umschreibe-Domain {subject} signiert nichts: Ihr Schlüssel wurde widerrufen, und der nächste steht nicht im DNS. Post mit umgeschriebenem Absender wartet.',
    next: 'Legen Sie die Einträge an, die „packetboat senders domain“ zeigt.',
  },
  'rewriting-records-ok': { says: 'Die Einträge der Umschreibe-Domain {subject} sind da.', next: '' },
  'rewriting-records-missing': {
    says: 'Einträge der Umschreibe-Domain {subject} fehlen oder sind falsch ({detail}); Empfänger können Post mit umgeschriebenem Absender nicht prüfen.',
    next: 'Legen Sie die Einträge an, die „packetboat senders domain“ zeigt.',
  },
  'clock-ok': { says: 'Die Uhr stimmt mit der Datenbank überein.', next: '' },
  'clock-off': {
    says: 'Die Uhr dieses Rechners weicht {detail} Sekunden von der Datenbank ab.',
    next: 'Schalten Sie auf beiden die Zeitsynchronisation ein (chrony, systemd-timesyncd).',
  },
  'no-answer': {
    says: 'DNS hat zu {subject} nicht geantwortet: {detail}.',
    next: 'Noch nichts zu tun; es wird wieder gefragt. Hält es an, prüfen Sie PACKETBOAT_DNS_SERVERS.',
  },
  'names-of-the-simulator': {
    says: '{subject} ist ein Name des Simulators; in der Welt führt nichts dorthin.',
    next: 'Bevor echte Post hinausgeht, setzen Sie PACKETBOAT_HOSTNAME und PACKETBOAT_RETURN_PATH_HOST auf eigene Namen.',
  },
};

const WORDS: Readonly<Record<Language, Readonly<Record<SelfCheckCode, Said>>>> = { en: ENGLISH, de: GERMAN };

export const SELF_CHECK_CODES: readonly SelfCheckCode[] = Object.keys(ENGLISH).flatMap((code) => (isCode(code) ? [code] : []));

/** The sentences of a check; `next` is null where nothing is to be done. */
export function selfCheckWords(code: SelfCheckCode, facts: SelfCheckFacts, language: Language): { says: string; next: string | null } {
  const { says, next } = WORDS[language][code];
  return { says: filled(says, facts), next: next === '' ? null : filled(next, facts) };
}

/** A stored code may be of a newer or older version. */
export function isCode(code: string): code is SelfCheckCode {
  return Object.hasOwn(ENGLISH, code);
}

function filled(sentence: string, facts: SelfCheckFacts): string {
  return sentence.replace(/\{(subject|seen|wanted|detail)\}/g, (_, name: keyof SelfCheckFacts) => facts[name]);
}
