// This file writes replies to the wire: code, enhanced code (RFC 2034), ASCII text, lines of at most 512 bytes (RFC 5321 §4.5.3.1.5).
import { AppError, type ErrorCode } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { MaybePromise, SmtpReply } from '../contract.ts';

/** 512 minus "250-", an enhanced code such as "5.999.999 " and CR LF. */
const LINE_TEXT_MAX = 490;
/** A reply longer than this helps nobody; the rest is cut. */
const TEXT_MAX = 4 * LINE_TEXT_MAX;

const PRINTABLE = /^[\x20-\x7e]*$/;
const TYPOGRAPHY: Readonly<Record<string, string>> = { '…': '...', '“': '"', '”': '"', '‘': "'", '’': "'", '–': '-', '—': '-', '→': '->' };

/** The bytes of one reply, CR LF included. Text never breaks out of its line, whatever it holds. */
export function renderReply(reply: SmtpReply): string {
  const head = reply.enhanced === undefined ? '' : `${reply.enhanced} `;
  if (reply.text.length <= LINE_TEXT_MAX && PRINTABLE.test(reply.text)) return `${reply.code} ${head}${reply.text}\r\n`;
  const lines = fold(toAscii(reply.text));
  return lines.map((line, index) => `${reply.code}${index === lines.length - 1 ? ' ' : '-'}${head}${line}\r\n`).join('');
}

/** Reply of an error of the catalogue, for places that know it beforehand. */
export function errorReply(code: ErrorCode, message: string, hint?: string): SmtpReply {
  return new AppError(code, message, hint === undefined ? {} : { hint }).smtp;
}

const INTERNAL: SmtpReply = errorReply('INTERNAL', 'Something went wrong on our side; nothing was accepted.', 'Try again in a minute.');

/** Reply to whatever a handler threw. Only what nobody expected is logged. */
export function replyOfError(error: unknown, log: Log, context: Readonly<Record<string, unknown>>): SmtpReply {
  if (error instanceof AppError) return error.smtp;
  log.error({ ...context, err: error }, 'smtp.handler_failed');
  return INTERNAL;
}

/** Goes on with what a handler answers, at once when it answered at once; `failed` gets what it threw. */
export function whenAnswered<T>(
  ask: () => MaybePromise<T>,
  next: (answer: T) => string,
  failed: (error: unknown) => string,
): MaybePromise<string> {
  let answer: MaybePromise<T>;
  try {
    answer = ask();
  } catch (error) {
    return failed(error);
  }
  return answer instanceof Promise ? answer.then(next, failed) : next(answer);
}

/** RFC 6531 §3.7.4.2 allows UTF-8 in some replies and never asks for it: ASCII is understood everywhere. */
function toAscii(text: string): string {
  return text.slice(0, TEXT_MAX).replace(/[^\x20-\x7e]/gu, (character) => TYPOGRAPHY[character] ?? (character < ' ' ? ' ' : '?'));
}

function fold(text: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > LINE_TEXT_MAX) {
    const space = rest.lastIndexOf(' ', LINE_TEXT_MAX);
    const cut = space > LINE_TEXT_MAX / 2 ? space : LINE_TEXT_MAX;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  lines.push(rest);
  return lines;
}
