// This file builds the MIME that a provider makes of structured content (RFC 5322, 2045, 2046, 2047, 2387), so that simulated mailboxes
// hold real mail.

export interface Mailbox {
  readonly email: string;
  readonly name: string;
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  /** Base64 as the request carried it. */
  readonly base64: string;
  /** Content-Id of an inline image; null for an attachment. */
  readonly cid: string | null;
}

export interface Structured {
  readonly from: Mailbox;
  /** Ready-made To value. */
  readonly to: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly replyTo: string | null;
  /** Further fields by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly Attachment[];
  readonly messageId: string;
  readonly atMs: number;
}

interface Part {
  readonly head: readonly string[];
  readonly body: string;
}

/** Base64 characters of one encoded word and of one body line (RFC 2047 §2, RFC 2045 §6.8). */
const WORD_BYTES = 42;
const LINE = 76;

/** Builds the whole message with CR LF line ends. */
export function composeMime(mail: Structured): Buffer {
  const own = new Set(['from', 'to', 'subject', 'reply-to', 'date', 'message-id', 'mime-version']);
  const extra = Object.entries(mail.headers).filter(([name]) => !own.has(name.toLowerCase()) && !/^content-/i.test(name));
  const id = Object.entries(mail.headers).find(([name]) => name.toLowerCase() === 'message-id')?.[1] ?? `<${mail.messageId}@sim.test>`;
  const root = bodyOf(mail);
  const head = [
    `Date: ${new Date(mail.atMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${id}`,
    `From: ${mailboxText(mail.from)}`,
    `To: ${mail.to}`,
    ...(mail.replyTo === null ? [] : [`Reply-To: ${mail.replyTo}`]),
    `Subject: ${encodeWords(mail.subject)}`,
    ...extra.map(([name, value]) => `${name}: ${encodeWords(value)}`),
    'MIME-Version: 1.0',
    ...root.head,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${root.body}`);
}

/** `Name <address>` with the name quoted or encoded where it has to be. */
export function mailboxText(mailbox: Mailbox): string {
  if (mailbox.name === '') return mailbox.email;
  const name = isAscii(mailbox.name) ? `"${mailbox.name.replace(/["\\]/g, '\\$&')}"` : encodeWords(mailbox.name);
  return `${name} <${mailbox.email}>`;
}

function bodyOf(mail: Structured): Part {
  const texts = [textPart('plain', mail.text), textPart('html', mail.html)].filter((part) => part !== null);
  const alternative = texts.length === 0 ? textPart('plain', '') : multipart('alternative', texts, mail.messageId);
  const inline = mail.attachments.filter((one) => one.cid !== null).map(attachmentPart);
  const attached = mail.attachments.filter((one) => one.cid === null).map(attachmentPart);
  const related = multipart('related', [alternative ?? { head: [], body: '' }, ...inline], mail.messageId);
  return multipart('mixed', [related, ...attached], mail.messageId);
}

function textPart(kind: 'plain' | 'html', content: string | null): Part | null {
  if (content === null) return null;
  return {
    head: [`Content-Type: text/${kind}; charset=utf-8`, 'Content-Transfer-Encoding: base64'],
    body: lines(Buffer.from(content.replace(/\r\n|\r|\n/g, '\r\n')).toString('base64')),
  };
}

function attachmentPart(attachment: Attachment): Part {
  const name = encodeWords(attachment.name.replace(/["\\\r\n]/g, '_'));
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(attachment.type) ? attachment.type : 'application/octet-stream';
  return {
    head: [
      `Content-Type: ${type}; name="${name}"`,
      'Content-Transfer-Encoding: base64',
      attachment.cid === null ? `Content-Disposition: attachment; filename="${name}"` : `Content-Disposition: inline; filename="${name}"`,
      ...(attachment.cid === null ? [] : [`Content-Id: <${attachment.cid.replace(/[<>\r\n]/g, '')}>`]),
    ],
    body: lines(attachment.base64.replace(/[^A-Za-z0-9+/=]/g, '')),
  };
}

/** One part stays as it is; several share a boundary that no base64 body can contain. */
function multipart(kind: string, parts: readonly Part[], id: string): Part {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const boundary = `=_${kind}_${id.replace(/[^A-Za-z0-9]/g, '')}`;
  const body = parts.map((part) => `--${boundary}\r\n${part.head.join('\r\n')}\r\n\r\n${part.body}\r\n`).join('');
  return { head: [`Content-Type: multipart/${kind}; boundary="${boundary}"`], body: `${body}--${boundary}--\r\n` };
}

function encodeWords(value: string): string {
  const line = value.replace(/[\r\n]+/g, ' ');
  if (isAscii(line)) return line;
  const words: string[] = [];
  let word = '';
  for (const char of line) {
    if (Buffer.byteLength(word + char) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += char;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}

function lines(base64: string): string {
  const cut: string[] = [];
  for (let at = 0; at < base64.length; at += LINE) cut.push(base64.slice(at, at + LINE));
  return cut.join('\r\n');
}

function isAscii(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII includes the control characters
  return /^[\x00-\x7f]*$/.test(value);
}
