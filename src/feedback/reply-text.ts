// This file reads the form of an SMTP reply (RFC 5321 §4.2, RFC 3463): its codes, and its words made comparable.
import type { ReplyStage } from './rules/rule.ts';

/** Receivers say what they mean in the first lines; what follows is decoration, and longer input only costs time. In characters. */
const REPLY_CHARS_MAX = 2000;
/** More addresses in one reply are not looked at; each costs a short scan. */
const ADDRESSES_MAX = 40;
/** An address longer than this is no address (RFC 5321 §4.5.3.1). */
const ADDRESS_CHARS_MAX = 320;

export interface ReplyText {
  /** Basic code, `550`; empty when there is none. */
  readonly code: string;
  /** Enhanced code, `5.1.1`; empty when there is none. */
  readonly enhanced: string;
  /** Lower case, one line, continuation prefixes gone, addresses replaced by `addr`. */
  readonly words: string;
  /** Domains of the replaced addresses, joined by blanks. */
  readonly domains: string;
  /** The stage that the words name ("in reply to end of DATA command"), if they do. */
  readonly stage: ReplyStage | null;
}

/** Reads a reply of one or more lines; `\n` written as two characters counts as a line break. Never throws. */
export function readReplyText(reply: string): ReplyText {
  const lines = reply
    .slice(0, REPLY_CHARS_MAX)
    .toLowerCase()
    .replace(/^\s*smtp; ?/, '')
    .split(/\r\n|\r|\n|\\r\\n|\\n/);
  const first = (lines[0] ?? '').trimStart();
  const code = basicCode(first);
  const flat = lines.map((line, index) => (index === 0 ? line.trimStart() : withoutPrefix(line, code))).join(' ');
  const joined = unglue(once(flat.replace(/[\s\u00a0]+/g, ' ').trim()), code);
  const enhanced = enhancedCode(joined);
  const { words, domains } = replaceAddresses(joined.replace(/[’‘`´]|(?<=[a-z])"(?=[a-z])/g, "'"));
  return { code, enhanced, words: words.replace(SENDERS_REMARK, ''), domains, stage: stageIn(words) };
}

/** What the sending server adds behind the reply: it names the stage and is no word of the receiver. */
const SENDERS_REMARK = / ?(?:\(in reply to [a-z ]{2,24} command\)?|giving up on [\d.:a-f]{3,45}\.?|\[rcpt_to\]|['"# ]{1,6})$/;

function basicCode(first: string): string {
  const match = /^([245]\d\d)(?![\d.])/.exec(first);
  return match?.[1] ?? '';
}

/** Where a reply starts inside other words: `host mx.example.com said: 550 5.1.1 …`, `Remote host said: 550 …`, `error 550-'5.7.1 …'`. */
const REPLY_INSIDE =
  /(?:[:'"(#]|<<<|<--|\b(?:said|error|response was|responded(?: with)?|returned|rcpt to|reply|replied|code)\b)[\s:;'"(#]{0,4}([45]\d\d)[ -](?=['"(]?[45]\.\d{1,3}\.\d|\d{1,3}\.\d{1,3}\.\d|: [a-z]|[a-z<"'[(*#])/i;

/** The part of a diagnostic that is the remote server's own reply, or all of it when none can be told apart. */
export function replyWithin(diagnostic: string): string {
  const flat = diagnostic.slice(0, REPLY_CHARS_MAX).replace(/\s+/g, ' ').trim();
  if (/^(?:smtp; ?)?[245]\d\d[ -]/i.test(flat)) return flat;
  const match = REPLY_INSIDE.exec(flat);
  return match === null ? flat : flat.slice(match.index + match[0].search(/[45]\d\d[ -]$/));
}

/** "550-5.1.1 more" → "more": servers repeat the codes on every line. */
function withoutPrefix(line: string, code: string): string {
  const text = line.trimStart();
  if (code === '' || !text.startsWith(code)) return text;
  return text.slice(code.length).replace(/^[- ] ?([245]\.\d{1,3}\.\d{1,3}[ :]?)?/, '');
}

/** Lines joined by somebody else look like "550-5.1.1 double-checking 550 5.1.1 more": the repeated prefix goes, the first stays. */
function unglue(text: string, code: string): string {
  if (code === '') return text;
  const head = text.slice(0, code.length);
  const rest = text
    .slice(code.length)
    .replaceAll(new RegExp(` ${code}(?:-(?:[245]\\.\\d{1,3}\\.\\d{1,3})?| [245]\\.\\d{1,3}\\.\\d{1,3}) ?`, 'g'), ' ')
    .replace(/^-/, ' ');
  return (head + rest).replace(/ {2,}/g, ' ');
}

/** Some bounces give the same reply twice, one after the other. */
function once(text: string): string {
  const half = (text.length - 1) / 2;
  return Number.isInteger(half) && half > 0 && text.slice(0, half) === text.slice(half + 1) ? text.slice(0, half) : text;
}

/** The first thing that looks like an enhanced code and is no part of an IP address, version or longer number. */
function enhancedCode(text: string): string {
  const match = /(?<![\d.a-z])[245]\.\d\.\d{1,3}(?![\d.]|-\d)(?!\.)/.exec(text);
  if (match === null) return /(?<![\d.a-z])[245]\.\d\.\d{1,3}(?=\.(?:\s|$))/.exec(text)?.[0] ?? '';
  return match[0];
}

/** The words of Postfix, Exim, sendmail, qmail, DragonFly and Gmail ("state"), in this order: what came last in the dialogue is the answer. */
const STAGES: readonly (readonly [RegExp, ReplyStage])[] = [
  [
    /in reply to end of data|after end of data|smtp command -*\s*data|>>> data\b|after i sent the message|did not like our final data|\(state 1[78]\)/,
    'dot',
  ],
  [/in reply to data|after (?:pipelined )?data|failed on data command|did not like our data/, 'data'],
  [
    /^\d{3} rcpt to\b|in reply to rcpt|after (?:pipelined )?rcpt|\[rcpt_to\]|for rcpt to response|sent: rcpt to|all rcpt commands were rejected|no valid recipients|need rcpt|>>> rcpt to|because the address couldn.t be found|does not like recipient|did not like our rcpt|following rcpt command|rejected recipient <|\(state 14\)/,
    'rcpt',
  ],
  [/in reply to mail from|after (?:pipelined )?mail (?:from|command)|but sender was rejected|did not like our mail from/, 'mail'],
  [
    /in reply to (?:ehlo|helo)|after (?:ehlo|helo)|refused to talk to me|but greeting failed|but my name was rejected|after initial connection|did not like our ehlo/,
    'greeting',
  ],
];

function stageIn(words: string): ReplyStage | null {
  for (const [pattern, stage] of STAGES) if (pattern.test(words)) return stage;
  return null;
}

/** A local part or domain may spell "mailbox-full" or "spam": addresses must never be read as the receiver's words. */
function replaceAddresses(text: string): { words: string; domains: string } {
  const domains: string[] = [];
  let words = '';
  let from = 0;
  for (let count = 0; count < ADDRESSES_MAX; count += 1) {
    const at = text.indexOf('@', from);
    if (at < 0) break;
    let start = at;
    while (start > from && at - start < ADDRESS_CHARS_MAX && !isEdge(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < text.length && end - at < ADDRESS_CHARS_MAX && !isEdge(text.charCodeAt(end))) end += 1;
    domains.push(text.slice(at + 1, end));
    words += `${text.slice(from, start)}addr`;
    from = end;
  }
  return { words: words + text.slice(from), domains: domains.join(' ') };
}

/** Blank, quotes, brackets, comma, colon, semicolon end an address. */
function isEdge(charCode: number): boolean {
  return charCode <= 0x20 || EDGES.has(charCode);
}

const EDGES = new Set([...'<>()[]"\',;:'].map((char) => char.charCodeAt(0)));
