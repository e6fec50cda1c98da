// This file writes the mails that come back over plain SMTP: delivery status notifications (RFC 3464, 3461 §6, 6522), abuse reports (ARF,
// RFC 5965), automatic answers (RFC 3834) and a reader's unsubscribe mail (RFC 2369 §3.2).

import type { Journey, Step } from '../journey.ts';
import { list, text } from '../json.ts';
import { headerField } from '../mime.ts';
import { type ReplyName, replyCodes, replyText } from '../replies.ts';

export interface Report {
  /** Envelope sender; reports and automatic mails have none. */
  readonly from?: string;
  readonly to: string;
  /** Whole message, CR LF. */
  readonly mime: string;
}

const SMARTHOST = 'smarthost.sim.test';
const RECEIVER = 'mx.mailbox.test';

/** The mail that a step sends back, or null where plain SMTP stays silent. */
export function reportFor(journey: Journey, step: Step): Report | null {
  if (step.happening === 'unsubscribed') return unsubscribeMail(journey, step);
  // Nobody reports to the empty return path (RFC 5321 §4.5.5).
  if (journey.mailFrom === '') return null;
  switch (step.happening) {
    case 'delivered':
      return notifies(journey, 'SUCCESS') ? statusReport(journey, step, 'delivered') : null;
    case 'deferred':
      return step.notice && (journey.facts['notify'] === null || notifies(journey, 'DELAY'))
        ? statusReport(journey, step, 'delayed')
        : null;
    case 'bounced':
    case 'suppressed':
    case 'late-bounced':
      return journey.facts['notify'] === null || notifies(journey, 'FAILURE') ? statusReport(journey, step, 'failed') : null;
    case 'complained':
      return abuseReport(journey, step);
    case 'autoreplied':
      return autoReply(journey, step);
    case 'challenged':
      return challengeMail(journey, step);
    case 'answered':
      return personsAnswer(journey, step);
    default:
      return null;
  }
}

/** RFC 3461 §4.1: the conditions the sender named; without any, failures and delays are reported. */
function notifies(journey: Journey, word: string): boolean {
  return list(journey.facts['notify']).includes(word);
}

interface Telling {
  readonly subject: string;
  readonly sentence: string;
  readonly status: string;
}

function telling(action: 'failed' | 'delayed' | 'delivered', name: ReplyName): Telling {
  const { enhanced } = replyCodes(name);
  switch (action) {
    case 'failed':
      return {
        subject: 'Undelivered Mail Returned to Sender',
        sentence: 'I could not deliver your message to the following recipient. I gave up.',
        // An expired delivery keeps its 4.4.7 although it failed for good, as everywhere in the wild.
        status: enhanced,
      };
    case 'delayed':
      return {
        subject: 'Delayed Mail (still being retried)',
        sentence: 'Your message could not be delivered yet. You need not send it again: I go on trying.',
        status: enhanced,
      };
    case 'delivered':
      return { subject: 'Successful Mail Delivery Report', sentence: 'Your message was delivered.', status: '2.0.0' };
  }
}

function statusReport(journey: Journey, step: Step, action: 'failed' | 'delayed' | 'delivered'): Report {
  const name = step.reply ?? 'delivered';
  const { subject, sentence, status } = telling(action, name);
  const words = replyText(name, journey.recipient);
  // A bounce after delivery comes from the receiver's own machine.
  const reporter = step.happening === 'late-bounced' ? RECEIVER : SMARTHOST;
  const envid = text(journey.facts['envid']);
  const orcpt = text(journey.facts['orcpt']);
  const perMessage = [
    `Reporting-MTA: dns; ${reporter}`,
    ...(envid === '' ? [] : [`Original-Envelope-Id: ${envid}`]),
    `Arrival-Date: ${mailDate(journey.acceptedMs)}`,
  ];
  const perRecipient = [
    ...(orcpt === '' ? [] : [`Original-Recipient: ${typed(orcpt)}`]),
    `Final-Recipient: ${typed(`rfc822;${journey.recipient}`)}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Remote-MTA: dns; ${RECEIVER}`,
    `Diagnostic-Code: smtp; ${words}`,
    `Last-Attempt-Date: ${mailDate(step.atMs)}`,
    ...(action === 'delayed' ? [`Will-Retry-Until: ${mailDate(step.atMs + 4 * 86_400_000)}`] : []),
  ];
  const notice = `This is the mail system at host ${reporter}.\r\n\r\n${sentence}\r\n\r\n<${journey.recipient}>: ${words}\r\n`;
  return multipartReport(journey, step, {
    from: `Mail Delivery System <MAILER-DAEMON@${reporter}>`,
    subject,
    kind: 'delivery-status',
    notice,
    machine: { type: 'message/delivery-status', body: `${perMessage.join('\r\n')}\r\n\r\n${perRecipient.join('\r\n')}\r\n` },
  });
}

function abuseReport(journey: Journey, step: Step): Report {
  const fields = [
    'Feedback-Type: abuse',
    'User-Agent: PacketboatSimulator/1.0',
    'Version: 1',
    `Original-Mail-From: <${journey.mailFrom}>`,
    `Original-Rcpt-To: <${journey.recipient}>`,
    `Arrival-Date: ${mailDate(journey.acceptedMs)}`,
    'Source-IP: 198.51.100.7',
    `Reporting-MTA: dns; ${RECEIVER}`,
  ];
  const notice = `This is an email abuse report for a message received from 198.51.100.7 on ${mailDate(journey.acceptedMs)}.\r\n`;
  return multipartReport(journey, step, {
    from: 'Feedback Loop <fbl@mailbox.test>',
    subject: `FW: ${journey.subject.replace(/[\r\n]+/g, ' ')}`,
    kind: 'feedback-report',
    notice,
    machine: { type: 'message/feedback-report', body: `${fields.join('\r\n')}\r\n` },
  });
}

interface ReportParts {
  readonly from: string;
  readonly subject: string;
  readonly kind: 'delivery-status' | 'feedback-report';
  readonly notice: string;
  readonly machine: { readonly type: string; readonly body: string };
}

/** RFC 6522: words for people, fields for machines, the headers of the mail it is about. */
function multipartReport(journey: Journey, step: Step, parts: ReportParts): Report {
  const boundary = `=_report_${journey.id.replaceAll('-', '')}_${step.n}`;
  const head = text(journey.facts['head']).replace(/(?:\r\n)*$/, '\r\n');
  const part = (type: string, body: string) =>
    `--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}\r\n`;
  const body =
    `This is a MIME-encapsulated message.\r\n\r\n${part('text/plain; charset=utf-8', parts.notice)}` +
    `${part(parts.machine.type, parts.machine.body)}${part('text/rfc822-headers; charset=utf-8', head)}--${boundary}--\r\n`;
  const fields = [
    ...common(journey, step, { from: parts.from, to: journey.mailFrom, subject: parts.subject }),
    'Auto-Submitted: auto-replied',
    `Content-Type: multipart/report; report-type=${parts.kind}; boundary="${boundary}"`,
  ];
  return { to: journey.mailFrom, mime: `${fields.join('\r\n')}\r\n\r\n${body}` };
}

/** RFC 3834: to the return path, never to the From address, marked as automatic. */
function autoReply(journey: Journey, step: Step): Report {
  const id = headerField(text(journey.facts['head']), 'Message-ID');
  const fields = [
    ...common(journey, step, {
      from: journey.recipient,
      to: journey.mailFrom,
      subject: `Auto: ${journey.subject.replace(/[\r\n]+/g, ' ')}`,
    }),
    'Auto-Submitted: auto-replied',
    'Precedence: auto_reply',
    ...(id === null ? [] : [`In-Reply-To: ${id}`, `References: ${id}`]),
    'Content-Type: text/plain; charset=utf-8',
  ];
  return { to: journey.mailFrom, mime: `${fields.join('\r\n')}\r\n\r\nI am away until Monday and read your message then.\r\n` };
}

/** A program that wants proof of a person before it lets the message in. */
function challengeMail(journey: Journey, step: Step): Report {
  const fields = [
    ...common(journey, step, {
      from: `Mailbox guard <${journey.recipient}>`,
      to: journey.mailFrom,
      subject: 'Please confirm your message',
    }),
    'Auto-Submitted: auto-replied',
    'X-Challenge-Response: 1',
    'Content-Type: text/plain; charset=utf-8',
  ];
  const text = 'Your message is being held until you confirm that you are a person. Reply to this message to have it delivered.';
  return { to: journey.mailFrom, mime: `${fields.join('\r\n')}\r\n\r\n${text}\r\n` };
}

/** Some mail programs answer to the return path, against RFC 5322 §3.6.2. */
function personsAnswer(journey: Journey, step: Step): Report {
  const id = headerField(text(journey.facts['head']), 'Message-ID');
  const fields = [
    ...common(journey, step, {
      from: `A member <${journey.recipient}>`,
      to: journey.mailFrom,
      subject: `Re: ${journey.subject.replace(/[\r\n]+/g, ' ')}`,
    }),
    ...(id === null ? [] : [`In-Reply-To: ${id}`, `References: ${id}`]),
    'Content-Type: text/plain; charset=utf-8',
  ];
  return { from: journey.recipient, to: journey.mailFrom, mime: `${fields.join('\r\n')}\r\n\r\nThank you, I will be there.\r\n` };
}

/** A reader's mail program writes to the mailto address of List-Unsubscribe; without one the sender hears nothing. */
function unsubscribeMail(journey: Journey, step: Step): Report | null {
  const offered = headerField(text(journey.facts['head']), 'List-Unsubscribe') ?? '';
  const address = /<mailto:([^?>\s]+@[^?>\s]+)[?>]/i.exec(offered)?.[1];
  if (address === undefined) return null;
  const to = safeDecode(address);
  const subject = safeDecode(/[?&]subject=([^&>]+)/i.exec(offered)?.[1] ?? 'unsubscribe').replace(/[\r\n]+/g, ' ');
  const fields = [...common(journey, step, { from: journey.recipient, to, subject }), 'Content-Type: text/plain; charset=utf-8'];
  return { to, mime: `${fields.join('\r\n')}\r\n\r\nunsubscribe\r\n` };
}

function common(journey: Journey, step: Step, of: { from: string; to: string; subject: string }): string[] {
  return [
    `Date: ${mailDate(step.atMs)}`,
    `Message-ID: <${journey.id}.${step.n}@${RECEIVER}>`,
    `From: ${of.from}`,
    `To: ${of.to}`,
    `Subject: ${of.subject}`,
    'MIME-Version: 1.0',
  ];
}

/** `rfc822; address`; an address beyond ASCII is `utf-8; address` with its characters escaped (RFC 6533 §3). */
function typed(value: string): string {
  const semicolon = value.indexOf(';');
  const address = value.slice(semicolon + 1);
  let ascii = '';
  for (const char of address) {
    const point = char.codePointAt(0) ?? 0;
    ascii += point > 0x7e ? `\\x{${point.toString(16).toUpperCase()}}` : char;
  }
  return `${ascii === address ? value.slice(0, semicolon) : 'utf-8'}; ${ascii}`;
}

function safeDecode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A stray percent sign: take it as it stands.
    return value;
  }
}

function mailDate(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}
