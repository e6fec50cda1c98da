// This file recognises mail that a machine sent for an absent person (RFC 3834, RFC 5230 for Sieve vacation), after reports have been ruled out: real bounces carry
// Auto-Submitted as well, and vacation mail has an empty envelope sender.
import { headerText } from '../headers.ts';
import type { ReportMail } from './report-mail.ts';

/** True when the mail is an automatic reply. The caller has made sure that it is no report. Never throws. */
export function autoReplyIn(mail: ReportMail): boolean {
  const header = (name: string) => headerText(mail.headers, name)?.toLowerCase().trim() ?? '';
  if (/^auto-replied\b/.test(header('auto-submitted'))) return true;
  if (header('x-autoreply') !== '' || header('x-autorespond') !== '' || header('x-autoresponder') !== '') return true;
  if (/^(?:yes|true|1)/.test(header('x-auto-reply')) || /\bauto[-_]?reply\b/.test(header('precedence'))) return true;
  // Exchange names its rules here; only its out-of-office value is a reply ("All" is a wish not to get one).
  if (/^(?:oof|autoreply)$/.test(header('x-auto-response-suppress')) && header('auto-submitted') !== '') return true;
  return SUBJECT.test(mail.subject.trim());
}

/** The words that common clients put in front, in the languages of the first users. Only at the start: people quote them behind "Re:". */
const SUBJECT =
  /^(?:auto(?:matic|mated)?[ -]?(?:reply|response)|automatische antwort|abwesenheits(?:notiz|meldung|assistent)?|abwesend|out of (?:the )?office|away from (?:my|the) (?:office|mail)|on (?:vacation|leave|holiday)|vacation (?:reply|response|message)|auto\s?:|autoreply|autoresponder|r[ée]ponse automatique|absence du bureau|risposta automatica|fuori sede|respuesta autom[áa]tica|fuera de (?:la )?oficina|automatisch antwoord|afwezig|自動応答|不在)/i;
