// This file recognises challenge mails: a program holds our message back until the sender proves to be a person ("confirm that you sent this"). They are automatic replies,
// and nobody answers them for the sender: an answer to every challenge would make the desk a sender of mail that nobody wrote.
import { headerText } from '../headers.ts';
import type { ReportMail } from './report-mail.ts';

/** Headers that challenge programs write: TMDA, BoxTrapper, Active Spam Killer, Spam Arrest, qconfirm, MailBlocks. */
const HEADERS = [
  'x-tmda-fingerprint',
  'x-boxtrapper',
  'x-askversion',
  'x-spamarrest-noauth',
  'x-qconfirm',
  'x-challenge-response',
] as const;
/** What the sender is asked to do … */
const ASKED =
  /(?:confirm|verify|prove|authenticate|authori[sz]e)\b.{0,60}\b(?:your(?:self)?|you|sender|message|e-?mail|human|person)|(?:click|follow|visit|go to).{0,40}\b(?:link|below|following)|(?:just |simply )?(?:reply|respond) to this (?:e-?mail|message|request)|complete the verification|(?:add|put) yourself (?:to|on)|best[äa]tigen sie|confirme[zr]?\b.{0,40}\b(?:message|mensaje|mensagem|envoi|envio)|(?:vous authentifier|vous identifier)\b|autenticarse|confirm[ae] que .{0,30}(?:persona|pessoa)|klik op .{0,20}link|подтверд/i;
/** … and what waits for it. Both have to be there: a newsletter asks for a confirmation as well, but nothing of ours is held back. */
const WAITING =
  /(?:your|the|this|ihre?|votre|su|sua) (?:original |recent )?(?:e-?mail|mail|message|nachricht|mensaje|mensagem)\b.{0,120}\b(?:(?:is|has been|was|are) (?:being )?(?:held|waiting|queued|quarantined|pending|on hold)|(?:will|can|is) (?:not |only )?be (?:delivered|released|received)\b.{0,60}\b(?:until|unless|once|when|after|as soon as)|not (?:yet )?(?:been )?delivered.{0,40}\b(?:until|unless)|(?:was |has been )?wait-?listed|wird erst .{0,40}zugestellt|est (?:mis )?en attente|ha quedado retenid|è in attesa|wacht op|sera (?:remis|d[ée]livr)|.{0,20}(?:est[áa]|ficou|foi|fue|ha sido) retenid[ao]|.{0,40}(?:est[áa]|ficou|foi) retida|ser[áa] entreg)|(?:protect(?:s|ing)?|guard(?:s|ed)?) .{0,40}(?:from|against) .{0,30}\b(?:junk|spam|unsolicited|unwanted)\b.{0,200}\bonce\b|only (?:have to|need to) (?:do this|confirm) once|\b(?:approved|allowed|safe) senders? list|(?:whitelist|trusted sender)|anti-?spam .{0,60}\b(?:confirm|challenge|desafio)/i;
const SUBJECT =
  /\b(?:please confirm|confirm(?:ation)? (?:required|requested|your (?:message|e-?mail))|(?:e-?mail|message|sender|your message) (?:requires |awaits )?(?:verification|confirmation|authentication)|verify#|challenge\b|unconfirmed|held for (?:confirmation|verification)|awaiting (?:your )?confirmation|antispam uol)/i;
/** Challenges are short; the wish stands in the first lines. In characters. */
const TEXT_CHARS_MAX = 6_000;

/** True when the mail asks its receiver to confirm a message that is held back. The caller has made sure that it is no report. Never throws. */
export function challengeIn(mail: ReportMail): boolean {
  if (HEADERS.some((name) => headerText(mail.headers, name) !== null)) return true;
  if (/^tmda\b/i.test(headerText(mail.headers, 'x-delivery-agent') ?? '') && SUBJECT.test(mail.subject)) return true;
  // Mail systems report, they do not ask.
  if (/mailer-?daemon/i.test(mail.from)) return false;
  // A list that asks for a confirmation says which list it is.
  if (headerText(mail.headers, 'list-id') !== null || headerText(mail.headers, 'list-unsubscribe') !== null) return false;
  const text = mail.notice.slice(0, TEXT_CHARS_MAX).replace(/\s+/g, ' ');
  const waits = WAITING.test(text);
  return waits && (ASKED.test(text) || SUBJECT.test(mail.subject));
}
