// This file reads the many notices that list addresses on lines of their own or behind a label ("Unknown user: …", "did not reach the following recipient(s):"): old sendmail, Exchange,
// Gmail's old form, Notes, IMail, gateways. It is the last reader, for mail that is certainly a report.
import { headerText } from '../../headers.ts';
import type { NoticeEntry } from '../notice-entry.ts';
import { cleanAddress, firstAddress } from '../report-address.ts';
import type { ReportMail } from '../report-mail.ts';

const ADDRESS = '<?(?:mailto:|smtp:)?([^\\s<>"\',;:()\\[\\]\uff1a\uff0c\u3001]{1,128}@[^\\s<>"\',;:()\\[\\]\uff0c\u3002\u3001]{1,255})>?';
/** The address alone, list marks and quotes in front allowed. */
const ALONE = new RegExp(`^[ \\t>*•"'-]{0,12}${ADDRESS}["':;.,]{0,3}[ \\t]*$`);
/** The address with its reason behind it: `user@x [User unknown]`, `user@x Invalid Address, …`, `user@x on Thu, 29 Apr …`. */
const WITH_REASON = new RegExp(
  `^[ \\t>*•"'-]{0,12}${ADDRESS}["']?(?:[ \\t]*(?:\\.{2,3}|[-:;(\\[]))?[ \\t]+(\\S.*)$|^[ \\t>*•-]{0,12}${ADDRESS}[ \\t]*(\\[.*\\])[ \\t]*$`,
);
const IN_LINE = new RegExp(ADDRESS);
/** `550 5.1.1 <user@x>... User unknown`, as in sendmail's transcript. */
const TRANSCRIPT = new RegExp(`^[ \\t]*[45]\\d\\d[ -](?:#?[45]\\.\\d+\\.\\d+ )?${ADDRESS}(?:\\.\\.\\.?|:) *(.*)$`);
/** A label that says whom the notice is about. */
const LABEL =
  /(?:unknown user|userid|rcpt to|(?:originally )?addressed(?: to)?|undeliverable(?: mail)? (?:to|for)|(?:recipient|receiver)s?(?: address| e-?mail| not found)?|address|mailbox|user|delivering your (?:mail|message) to|deliver the (?:mail|message) from .{3,120}|^to|empf(?:ä|ae)nger|destinat[aá]ri[oa]s?|destinataires?|entregue a|ontvangers?|odbiorca|delivery (?:to|for|failed(?: \d+ attempts)?)|(?:message|mail) (?:to|for)|(?:exceeds?|exceeding) allowed size|could not be delivered to|failed to deliver to|following recipient|no such user)\b[^@\n]{0,40}$/i;
/** A label that says so beyond doubt. */
const STRONG_LABEL =
  /(?:error delivering your (?:mail|message) to|failed (?:address|recipient)|undeliverable to|^your (?:message|mail|e-?mail) to|could not be delivered to|unable to deliver (?:your )?(?:mail|message) to)[ \t]{0,4}:?[ \t]{0,4}<?$/i;
/** A label stands close to its address. */
const LABEL_CHARS_MAX = 120;
/** The same in other languages ("Ihre E-Mail an …"), and in scripts that have no word boundaries. */
const OTHER_LABEL = new RegExp(
  `(?:${[
    '(?:e-?mail|nachricht|mail|zustellung) an|bericht aan|bezorging aan|(?:meddelande|besked|melding|meddelelse|e-?post|e-?mail|mejl) (?:till|til)',
    // "a été adressé à", "no se ha entregado a", "destinato all'utente"
    '(?:zugestellt|(?:ü|ue)bermittelt|ausgeliefert) an|(?:remis|livr[ée]|distribu[ée]|d[ée]livr[ée]) (?:à|aux? destinataires?)|entregado a|entregue (?:a|para)|(?:consegnato|recapitato) a|bezorgd (?:aan|bij)|afgeleverd (?:aan|bij)|dostarczon\\p{L}{1,2} do|doru[čc]en\\p{L}{0,2} (?:na|adres[áa]tovi)|leverer\\p{L}{1,4} (?:till|til)|доставлен\\p{L}{0,2}',
    'message adress[ée] à|(?:no )?se ha (?:podido )?entrega(?:do|r)(?: (?:el|su|tu) (?:mensaje|correo))? a|destinato (?:all.utente|a)',
    'wiadomo[śs]ci do|mensaje (?:a|para)|correo a|mensagem (?:para|a)|messaggio (?:a|per)|message (?:à|pour)|envoi à|zpr[áa]v[uay] (?:na|pro)',
    'сообщени[ея] (?:для|на|адресату)|получател[а-я]{0,4}|адресат[а-я]{0,3}|收件人|收信人|收件者|宛先|受信者|送信先|받는 ?사람|수신자|수신인',
  ].join('|')})[^@\\n]{0,12}$`,
  'iu',
);
const NOT_A_RECIPIENT =
  /^(?:from|sender|return-path|reply-to|message-id|subject|date|cc|received|x-[\w-]+|references|in-reply-to|contact|help|postmaster(?!@)|visit)\b/i;
/** "----- Transcript of session follows -----" */
const HEADING = /^[ \t]*-{3,60} ?[A-Z][^\n]{3,70}-{3,60}[ \t]*$/i;
/** Exchange 5.5 writes X.400 names: `c=US;a= ;p=Example;dda:SMTP=user@example.com; on Fri, …`. */
const X400 = /\bdda:SMTP=([^\s;]{3,320});/i;
/** A program behind an alias: the mail was written to the alias, which sendmail names below. */
const PROGRAM = /^[ \t]{0,8}"?\|/;
const EXPANDED = new RegExp(`^[ \\t]*\\((?:expanded|generated) from:? ${ADDRESS}\\)`);
/** Lines of the notice that are looked at; longer notices list the rest of a returned message. */
const LINES_MAX = 2000;

interface Draft {
  address: string;
  reason: string;
}

/** Reads such a notice; empty when no line names an address. */
export function readListed(mail: ReportMail): readonly NoticeEntry[] {
  const lines = mail.notice.split('\n', LINES_MAX).map((line) => X400.exec(line)?.[1] ?? line);
  const own = ownAddresses(mail);
  const entries = dropOwn(listed(lines), own);
  // A sentence that says whom the report is about knows it better than the reply, which may name the end of a forward.
  const named = entries.length > 0 ? entries : dropOwn(labelled(lines, STRONG_LABEL), own);
  const found = named.length > 0 ? named : dropOwn(inTranscript(lines), own);
  const rest = found.length > 0 ? found : alsoReturned(mail, dropOwn(labelled(lines), own));
  // A list of bare addresses has its reason elsewhere in the notice.
  const reason = statedReason(mail.notice);
  return unique(rest).map((entry) => ({ address: entry.address, reason: entry.reason.trim() === '' ? reason : entry.reason }));
}

/** "reject reason: Mailbox full", "The problem appears to be: …"; else the whole notice. */
function statedReason(notice: string): string {
  return (
    /^[ \t]*(?:reject(?:ion)? |failure |error )?(?:reason|message|cause|grund|fehler|raison|motif|motivo|raz[óo]n|causa|przyczyna|причина|reden|årsag|orsak|理由|原因|원인|because|weil|parce que|porque|perch[ée]|poniewa[żz]|omdat|proto[žz]e|eftersom|fordi)[ \t]{0,20}(?:is|was)?[ \t]{0,20}[:：][ \t]*(?:\n\s{0,20})?([^\n]{5,500})$/im.exec(
      notice,
    )?.[1] ?? notice
  );
}

function listed(lines: readonly string[]): Draft[] {
  const entries: Draft[] = [];
  let current: Draft | null = null;
  let program: string | null = null;
  for (const line of lines) {
    if (NOT_A_RECIPIENT.test(line.trim()) || HEADING.test(line)) continue;
    const alias: string | null = program === null ? null : cleanAddress(EXPANDED.exec(line)?.[1] ?? '');
    if (PROGRAM.test(line)) program = '';
    else if (alias !== null) entries.push({ address: alias, reason: program ?? '' });
    else if (program !== null) program += ` ${line.trim()}`;
    if (alias !== null) program = null;
    const alone = cleanAddress(ALONE.exec(line)?.[1] ?? '');
    const withReason = alone === null ? WITH_REASON.exec(line) : null;
    const address = alone ?? cleanAddress(withReason?.[1] ?? withReason?.[3] ?? '');
    if (address !== null) {
      current = { address, reason: withReason?.[2] ?? withReason?.[4] ?? '' };
      entries.push(current);
    } else if (current !== null) current.reason += ` ${line.trim()}`;
  }
  return entries;
}

function inTranscript(lines: readonly string[]): Draft[] {
  const entries: Draft[] = [];
  for (const line of lines) {
    const match = TRANSCRIPT.exec(line);
    const address = cleanAddress(match?.[1] ?? '');
    if (address !== null) entries.push({ address, reason: line.trim() });
  }
  return entries;
}

/** Addresses behind a label, wherever in the line. */
function labelled(lines: readonly string[], strong?: RegExp): Draft[] {
  const entries: Draft[] = [];
  for (const line of lines) {
    if (NOT_A_RECIPIENT.test(line.trim())) continue;
    const found = IN_LINE.exec(line);
    const before = found === null ? '' : line.slice(0, found.index).slice(-LABEL_CHARS_MAX);
    const said = strong === undefined ? LABEL.test(before) || OTHER_LABEL.test(before) : strong.test(before);
    const address = said ? cleanAddress(found?.[1] ?? '') : null;
    if (address !== null) entries.push({ address, reason: '' });
  }
  return entries;
}

/** Of several addresses in prose, those that the returned message names too; all where it names none. */
function alsoReturned(mail: ReportMail, entries: readonly Draft[]): readonly Draft[] {
  const text = entries.length > 1 ? (mail.returned?.text.toLowerCase() ?? '') : '';
  const both = entries.filter((entry) => text.includes(entry.address.toLowerCase()));
  return both.length > 0 ? both : entries;
}

/** The report went to the sender of the mail: their own address in the text is no failed recipient. */
function ownAddresses(mail: ReportMail): ReadonlySet<string> {
  const own = new Set<string>();
  for (const name of ['to', 'from', 'reply-to', 'delivered-to', 'sender']) {
    const address = firstAddress(headerText(mail.headers, name) ?? '');
    if (address !== null) own.add(address.toLowerCase());
  }
  return own;
}

function dropOwn(entries: readonly Draft[], own: ReadonlySet<string>): Draft[] {
  return entries.filter((entry) => !own.has(entry.address.toLowerCase()));
}

const REPLY = /(?<![\d.])[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}\b|\d{1,3}\.\d{1,3}\.\d|[a-z<"'*[:#(/-])/i;

function unique(entries: readonly Draft[]): Draft[] {
  const byAddress = new Map<string, Draft>();
  for (const entry of entries) {
    const key = entry.address.toLowerCase();
    const known = byAddress.get(key);
    if (known === undefined) byAddress.set(key, entry);
    // Exchange names each address twice: with a sentence for the reader, then with the reply for the administrator.
    else if (known.reason.trim() === '' || (!REPLY.test(known.reason) && REPLY.test(entry.reason))) known.reason = entry.reason;
  }
  return [...byAddress.values()];
}
