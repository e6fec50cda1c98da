// This file decides whether a mail in words is a report of a mail system at all, or a person, a newsletter or an absent person's program that writes about one.
import { headerText } from '../headers.ts';
import { autoReplyIn } from './auto-reply.ts';
import { isDisposition } from './filter-rejection.ts';
import { isListRefusal } from './formats/list-server.ts';
import type { ReportMail } from './report-mail.ts';
import { DELAY_ELSEWHERE, NOTICE_SENTENCE, NOTICE_SUBJECT } from './report-phrases.ts';

const SENDER =
  /mailer-?daemon|\bpost_?master(?! \w)|mail ?delivery|mail ?system|mail administrator|delivery (?:sub)?system|mail ?deliver|(?<!cron )\bdaemon\b|<>|^\s*$|mailerdaemon|mdaemon|mail-?router|microsoftexchange[\da-f]{8,}@/i;

/** Postfix's `notify_classes`: "Postfix SMTP server: errors from unknown[192.0.2.9]". */
const SESSION_COPY = /^.{1,40} (?:smtp|lmtp) (?:server|client): .{0,30}\b(?:errors?|violation)\b/i;

/** True when the mail comes from a mail system about mail it could not deliver, as far as sender, subject and words tell. */
export function isNotice(mail: ReportMail): boolean {
  if (headerText(mail.headers, 'x-failed-recipients') !== null) return true;
  if (isListRefusal(mail)) return true;
  // Receipts say that a mail was deleted, or that a display does not mean that it was read.
  if (isDisposition(mail)) return false;
  // Postmasters get copies of sessions that ended in an error; they are about no mail of ours.
  if (SESSION_COPY.test(mail.subject)) return false;
  const sender = SENDER.test(mail.from);
  const subject = NOTICE_SUBJECT.test(mail.subject);
  // No person and no vacation program writes as MAILER-DAEMON.
  if (/mailer-?daemon@|<mailer-?daemon>/i.test(mail.from)) return true;
  const words = NOTICE_SENTENCE.test(mail.notice);
  // A report whose machine-readable part is missing or empty is still one.
  if (/^delivery-status$/i.test(mail.root.params['report-type'] ?? '')) return words || subject || CODE.test(mail.notice);
  // A postmaster is a person, too, who greets, and writes of mail that failed.
  const person = GREETING.test(mail.notice) && !CODE.test(mail.notice) && mail.returned === null;
  if (sender) return subject || ((words || DELAY_ELSEWHERE.test(`${mail.subject}\n${mail.notice}`)) && !person);
  if (REFUSED_FIRST.test(mail.notice.slice(0, 500)) && isMachine(mail) && headerText(mail.headers, 'list-unsubscribe') === null)
    return true;
  return words && subject && isMachine(mail) && !isCorrespondence(mail);
}

/** Names that programs write under; the domain behind them says nothing. */
const MACHINE =
  /no-?_?reply|do-?not-?reply|(?:^|[^a-z])e?-?mail(?:er|s)?(?![a-z]{3})|mail[- ]?(?:server|gateway|security|filter)|gateway|filter|admin|system|service|server|spam|virus|security|support|list|bounce|ndr\b|deliver|notif|outlook|exchange|zustell|consegna|certificat|gestor|posta\b|correo\b/i;

/** What tells a program from a person who writes "my mail to you was returned": marks of machines, a returned message, or the first words of a report. */
function isMachine(mail: ReportMail): boolean {
  const name = mail.from.replace(/@[^\s<>]{1,255}/g, '');
  return (
    MACHINE.test(name) ||
    headerText(mail.headers, 'auto-submitted') !== null ||
    headerText(mail.headers, 'return-path') === '<>' ||
    mail.root.type === 'multipart/report' ||
    mail.returned !== null ||
    OPENING.test(mail.notice.slice(0, 500))
  );
}

const WATCHER = /\b(?:logwatch|cron|nagios|icinga|zabbix|monit|monitoring|munin|fail2ban|www-data|backups?)@/i;
/** Some gateways put "RE:" before the subject they return; their first words are a report's. */
const OPENING = /^(?!>).{0,20}your (?:message|mail|e-?mail)\b.{0,60}(?:could not|was not|has not|cannot) (?:be |been )?delivered/im;
/** Gateways mark reports as replies (RFC 3834); they name the address and give the answer of a server. */
const NAMED_FIRST =
  /^(?!>).{0,20}your (?:message|mail|e-?mail) to <?[^\s@<>]{1,64}@[^\s<>]{3,255}>? (?:could not|was not|has not|cannot) (?:be |been )?delivered/im;
/** "Your message to x@… was rejected", as list managers and gateways begin. */
const REFUSED_FIRST =
  /^(?!>).{0,20}your (?:message|mail|e-?mail|post(?:ing)?|submission) to <?[^\s@<>]{1,64}@[^\s<>]{3,255}>? (?:was|has been|is) (?:rejected|refused|returned|blocked|bounced)/im;
/** A person passes a report on, above all to ask about it. */
const PASSED_ON = /^\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|vs|pd|i|ilt)\s?:/i;
const GREETING =
  /^\s*(?:dear|hello|hi|liebe[rs]?|hallo|guten (?:tag|morgen)|sehr geehrte|bonjour|ch[èe]re?s?|hola|estimad[oa]s?|querid[oa]s?|caro|cara|ciao|ol[áa]|beste|cze[śs][ćc]|hej|kære|hei|ahoj|merhaba)\b/i;
const CODE = /(?<![\d.])[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}\b|[a-z<"'*[:#(/-])|#?\b[45]\.\d\.\d{1,3}\b/i;

const MINE =
  /\bmy (?:last |first )?(?:e-?mail|mail|message)s? (?:to|was|were|could|has|did|bounced|came)|\bmeine (?:letzte )?(?:e-?mail|mail|nachricht)|\bmon (?:message|mail|courriel)|\bmi (?:correo|mensaje)\b|\bminha (?:mensagem|e-?mail)|\b(?:mio|mia) (?:messaggio|e-?mail|mail)|\bmijn (?:bericht|e-?mail|mail)|\b(?:moja|moj[ąa]) wiadomo[śs]|\bmitt (?:mejl|meddelande|mail)|\bmin (?:e-?mail|mail)\b|(?:^|\s)мо[её] (?:письмо|сообщение)|\bmoje zpr[áa]va|我(?:的|发的|寄的)(?:邮件|郵件|信)|私(?:の|が送った)メール/i;

/** "Daily bounce summary"; behind the words of a report it is the subject of a mail that came back. */
const COUNTED =
  /^(?:\[[^\]]{0,40}\] ?)?(?:your )?(?:hourly|daily|weekly|monthly|t[äa]gliche[rs]?|w[öo]chentliche[rs]?|monatliche[rs]?)\b.{0,60}\b(?:summary|digest|report|statistics|overview|bericht|[üu]bersicht|statistik)\b/i;
const BOUNCE_RATE =
  /\b\d{1,7} (?:hard|soft)[- ]?bounces?\b|\b(?:hard|soft)[- ]?bounces?: {0,3}\d|\bbounce[- ]?(?:rates?|quoten?|statisti\w{1,4})\b|\btaux de rebonds?\b|\b(?:tasa|taxa) de rebotes?\b|\btasso di rimbalzo\b/i;
/** "12 of your emails bounced yesterday": a report is about one mail. */
const NUMBERED =
  /^\d{1,7} (?:\p{L}{1,12} ){0,3}(?:e-?mails?|messages?|mails|addresses|nachrichten|adressen|mensajes|correos|mensagens|messaggi|berichten|wiadomo[śs]ci)\b/iu;
/** "Undeliverable? What to do": before a colon only; behind it the subject of a returned mail may ask. */
const ASKED = /^[^:?]{1,60}\p{L}\?(?:\s|$)/u;
/** Newsletters and help desks write about mail that bounced, too. */
function isCorrespondence(mail: ReportMail): boolean {
  if (headerText(mail.headers, 'list-unsubscribe') !== null) return true;
  // People discuss reports on lists, behind the list's own mark; a report that copied the header starts with its own words.
  if (headerText(mail.headers, 'list-id') !== null && NOTICE_SUBJECT.exec(mail.subject.trim())?.index !== 0) return true;
  // People answer, and greet; programs that watch servers write of many things.
  if (WATCHER.test(mail.from)) return true;
  if (/^\s*(?:re|aw|sv|antw|rif|odp|vs|res|ynt)\s?:/i.test(mail.subject) && !OPENING.test(mail.notice.slice(0, 500))) return true;
  if (PASSED_ON.test(mail.subject)) return true;
  if (GREETING.test(mail.notice) && !CODE.test(mail.notice)) return true;
  // A mail system speaks of "your message", a person of "my mail".
  if (MINE.test(mail.notice)) return true;
  // Statistics count reports, and people ask about them: a mail system that returns a mail does neither.
  if (
    COUNTED.test(mail.subject) ||
    NUMBERED.test(mail.subject.trim()) ||
    BOUNCE_RATE.test(`${mail.subject}\n${mail.notice}`) ||
    ASKED.test(mail.subject.trim())
  )
    return true;
  // An absent person's program quotes what it answers.
  if (autoReplyIn(mail) && !(NAMED_FIRST.test(mail.notice.slice(0, 500)) && CODE.test(mail.notice))) return true;
  // Backups and payments fail, too: in English a report speaks of mail.
  const text = `${mail.subject}\n${mail.notice}`.replace(/[^\s<>]{1,128}@[^\s<>]{1,255}/g, '');
  if (!/[^\n -~\t]/.test(text) && !/\b(?:e-?mails?|mail(?:ed|s|box)?|messages?|recipients?|delivery status|returned)\b/i.test(text))
    return true;
  // Couriers and shops fail to deliver, too.
  if (
    /\b(?:parcel|package|shipment|courier(?! mail)|tracking number|sendung|paket|colis|paquete|pacco|zending|paczka|(?:your|the) order|bestellung|commande|pedido)\b/i.test(
      mail.notice,
    )
  )
    return true;
  return (
    /\[[^\]]{0,40}#? ?\d{2,}\]|\b(?:ticket|case)\b.{0,4}\d/i.test(mail.subject) ||
    /\bwe have received your\b|\bthank you for (?:contacting|writing)\b/i.test(mail.notice)
  );
}
