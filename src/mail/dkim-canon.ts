// This file is DKIM's "relaxed" canonicalisation (RFC 6376 §3.4.2 for headers, §3.4.4 for the body). Most bodies are canonical as they are: one pass finds that
// out, and only from the first odd byte on is anything copied.

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SP = 0x20;

/** The relaxed body: a part of `body` itself where nothing has to change. */
export function relaxedBody(body: Buffer): Buffer {
  const change = firstChange(body);
  if (change < 0) return withOneEnd(body);
  return withOneEnd(copyRelaxed(body, change));
}

/** Offset from which the body differs from its relaxed form (empty lines at the end aside), or -1. */
function firstChange(body: Buffer): number {
  const length = body.length;
  for (let i = 0; i < length; i += 1) {
    const byte = body[i];
    if (byte === SP) {
      const next = body[i + 1];
      // A run of blanks, a blank at the end of a line or of the body.
      if (next === SP || next === TAB || next === CR || next === undefined) return i;
    } else if (byte === TAB) return i;
  }
  return -1;
}

function copyRelaxed(body: Buffer, from: number): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  body.copy(out, 0, 0, from);
  let write = from;
  let blank = false;
  for (let i = from; i < body.length; i += 1) {
    const byte = body[i] ?? 0;
    if (byte === SP || byte === TAB) {
      blank = true;
      continue;
    }
    // Blanks before CRLF vanish; any other run becomes one space.
    if (blank && !(byte === CR && body[i + 1] === LF)) {
      out[write] = SP;
      write += 1;
    }
    blank = false;
    out[write] = byte;
    write += 1;
  }
  return out.subarray(0, write);
}

/** Empty lines at the end go; a body that is not empty ends in exactly one CRLF. */
function withOneEnd(body: Buffer): Buffer {
  let end = body.length;
  while (end >= 2 && body[end - 1] === LF && body[end - 2] === CR) end -= 2;
  if (end === 0) return body.subarray(0, 0);
  if (end + 2 <= body.length) return body.subarray(0, end + 2);
  return Buffer.concat([body, CRLF]);
}

const CRLF = Buffer.from('\r\n', 'latin1');

/** A header field (latin1, with or without its last line break) in relaxed form, without a line break: `subject:Hello there`. */
export function relaxedHeader(name: string, value: string): string {
  // Unfold, make each run of blanks one space, cut blanks at both ends.
  const flat = PLAIN_VALUE.test(value) ? value : value.replace(/\r?\n/g, '').replace(/[ \t]+/g, ' ');
  return `${name.toLowerCase().trimEnd()}:${trimBlanks(flat)}`;
}

/** No folding, no tab, no double blank: nothing to change but the ends. */
const PLAIN_VALUE = /^ ?(?:[^\s] ?)*(?:\r\n)?$/;

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Only the four that DKIM knows: `trim` would also take NBSP, which latin1 text may hold as half of a UTF-8 character. */
function isBlank(charCode: number): boolean {
  return charCode === SP || charCode === TAB || charCode === CR || charCode === LF;
}
