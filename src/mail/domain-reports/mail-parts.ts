// This file takes a mail apart for its reports: the failure report it may be, and every part that may hold one, by content and not by type or name.
import { type MimePart, readMime } from '../mime-tree.ts';
import { decodeBytes } from '../transfer-encoding.ts';
import { CMS_HEAD_BYTES, isSmimeType, looksLikeCms, openCms } from './cms.ts';
import { readFailureReport } from './failure-mail.ts';
import { REPORT_LIMITS } from './limits.ts';
import type { FailureReport } from './model.ts';
import { isReportXml, SNIFF_BYTES, sniff } from './sniff.ts';
import type { WarningList } from './warnings.ts';

export interface ReportMailParts {
  readonly failure: FailureReport | null;
  /** Decoded parts worth reading. */
  readonly candidates: readonly Buffer[];
  /** Something in it is encrypted with S/MIME. */
  readonly sealed: boolean;
}

/** Never throws. */
export function openReportMail(raw: Buffer, warnings: WarningList): ReportMailParts {
  const mail = readMime(withoutMboxLine(raw));
  const sealed: MimePart[] = [];
  const leaves = leavesOf(mail).flatMap((part) => unwrapped(part, sealed, 0));
  const failure = readFailureReport(mail.headers, leaves, warnings);
  const candidates = leaves.flatMap((part) => candidateOf(part, failure !== null) ?? []);
  return { failure, candidates, sealed: sealed.length > 0 };
}

/** What S/MIME signed and wrapped, in place of the wrapping; encrypted parts are put aside. */
function unwrapped(part: MimePart, sealed: MimePart[], depth: number): MimePart[] {
  if (!looksLikeCms(decodeBytes(part, CMS_ENCODED_BYTES))) return [part];
  const opened = openCms(decodeBytes(part));
  if (opened.kind !== 'signed' || depth >= REPORT_LIMITS.mailDepthMax) {
    if (opened.kind === 'sealed' && isSmimeType(part.type)) sealed.push(part);
    return [];
  }
  const { content } = opened;
  // What is wrapped is a MIME entity with headers of its own (RFC 8551 §3.1); a bare file that somebody signed is one, too.
  if (sniff(content.subarray(0, SNIFF_BYTES)) !== 'mail') return [{ ...part, body: content, encoding: '' }];
  return leavesOf(readMime(content)).flatMap((leaf) => unwrapped(leaf, sealed, depth + 1));
}

/** Enough of a part, with line ends and encoding, to see what it begins with. */
const CMS_ENCODED_BYTES = 4 * CMS_HEAD_BYTES;

function candidateOf(part: MimePart, isFailure: boolean): Buffer | null {
  const bytes = decodeBytes(part);
  if (part.type === 'message/rfc822') return isFailure ? null : bytes;
  const head = bytes.subarray(0, SNIFF_BYTES);
  const content = sniff(head);
  if (content === 'other') return part.type === 'text/plain' ? reportInText(bytes) : null;
  if (content === 'xml' && !isReportXml(head)) return null;
  if (content === 'json' && !bytes.toString('latin1').replaceAll('\0', '').includes('polic')) return null;
  // A text that starts like a header is a text; only what is attached as a file may be a whole mail.
  if (content === 'mail') return part.disposition === 'attachment' && !part.type.startsWith('text/') && !isFailure ? bytes : null;
  return bytes;
}

/** The XML that stands in a text between a greeting and a signature. */
function reportInText(bytes: Buffer): Buffer | null {
  const end = bytes.lastIndexOf(ROOT_END);
  if (end < 0) return null;
  const before = bytes.toString('latin1', 0, Math.min(end, PROSE_BYTES_MAX));
  const start = before.search(/<\?xml[ \t][^>]{0,200}\?>\s{0,20}<feedback|<feedback[\s>]/i);
  return start < 0 ? null : bytes.subarray(start, end + ROOT_END.length);
}

const ROOT_END = '</feedback>';
/** A greeting is shorter. */
const PROSE_BYTES_MAX = 16 * 1024;

function leavesOf(part: MimePart): MimePart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leavesOf);
}

/** Mailbox files put a line "From …" before the headers. */
function withoutMboxLine(raw: Buffer): Buffer {
  let at = 0;
  while (raw[at] === 0x0a || raw[at] === 0x0d) at += 1;
  if (raw.toString('latin1', at, at + 5) === 'From ') at = raw.indexOf(0x0a, at) + 1 || raw.length;
  return raw.subarray(at);
}
