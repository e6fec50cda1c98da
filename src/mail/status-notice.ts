// This file writes a delivery status notification (RFC 3464, RFC 6522) about one recipient: a sentence, fields for machines, and the headers of the message.
import { formatMailDate } from './date.ts';
import { readHeaders } from './headers.ts';

export interface StatusNotice {
  /** Unique; becomes Message-ID and boundary. Letters, digits, hyphens. */
  readonly id: string;
  /** Who reports: our name in SMTP. */
  readonly reporter: string;
  /** Envelope sender of the message. */
  readonly to: string;
  readonly recipient: string;
  readonly recipientId: string;
  readonly class: string;
  readonly code: number;
  /** RFC 3463, `5.1.1`. */
  readonly status: string;
  /** One line of ASCII. */
  readonly words: string;
  readonly arrivedMs: number;
  readonly failedMs: number;
  /** The message as the application gave it; its headers are returned. */
  readonly original: Buffer;
}

/** Headers are returned up to here; VERP headers and Message-ID stand far before. In bytes. */
const RETURNED_BYTES_MAX = 64 * 1024;

/** The whole mail with CR LF line ends, for the null sender. It marks itself as automatic, so nobody answers it. */
export function statusNotice(notice: StatusNotice): Buffer {
  const boundary = `=_pb_${notice.id}`;
  const returned = returnedHeaders(notice.original);
  const eightBit = returned.some((byte) => byte > 0x7f);
  const part = (type: string, body: string) => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  const diagnostic = `${notice.code} ${notice.status} ${notice.words}`;
  const head = [
    `From: Mail Delivery System <MAILER-DAEMON@${notice.reporter}>`,
    `To: <${notice.to}>`,
    'Subject: Undelivered Mail Returned to Sender',
    `Date: ${formatMailDate(notice.failedMs)}`,
    `Message-ID: <${notice.id}@${notice.reporter}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
  ];
  const fields = [
    `Reporting-MTA: dns; ${notice.reporter}`,
    `Arrival-Date: ${formatMailDate(notice.arrivedMs)}`,
    '',
    `Final-Recipient: ${typedAddress(notice.recipient)}`,
    'Action: failed',
    `Status: ${notice.status}`,
    `Diagnostic-Code: x-packetboat; ${diagnostic}`,
    `Last-Attempt-Date: ${formatMailDate(notice.failedMs)}`,
    `X-Packetboat-Class: ${notice.class}`,
    `X-Packetboat-Recipient: ${notice.recipientId}`,
    '',
  ];
  const text = `<${notice.recipient}>: ${diagnostic}\r\n`;
  const front = [
    `${head.join('\r\n')}\r\n\r\n`,
    part('text/plain; charset=utf-8', text),
    part('message/delivery-status', fields.join('\r\n')),
    `--${boundary}\r\nContent-Type: text/rfc822-headers${eightBit ? '; charset=utf-8\r\nContent-Transfer-Encoding: 8bit' : ''}\r\n\r\n`,
  ];
  return Buffer.concat([Buffer.from(front.join('')), returned, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

/** Whole fields only. */
function returnedHeaders(original: Buffer): Buffer {
  const block = readHeaders(original);
  let end = 0;
  for (const field of block.fields) {
    if (field.end > RETURNED_BYTES_MAX) break;
    end = field.end;
  }
  return original.subarray(0, end);
}

/** `rfc822; address`; beyond ASCII `utf-8; …` with its characters escaped (RFC 6533 §3). */
function typedAddress(address: string): string {
  let escaped = '';
  for (const char of address) {
    const point = char.codePointAt(0) ?? 0;
    escaped += point > 0x7e ? `\\x{${point.toString(16).toUpperCase()}}` : char;
  }
  return `${escaped === address ? 'rfc822' : 'utf-8'}; ${escaped}`;
}
