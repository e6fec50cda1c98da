// This file reads delivery status notifications (RFC 3464; RFC 6533 for UTF-8 addresses) with the leniency that real ones need: blanks before colons, `rfc/822`, missing types,
// text behind the status, fields in the wrong place or inside the notice.
import { addressInField } from './report-address.ts';
import { openReport, type ReportMail } from './report-mail.ts';

export type ReportAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** What a report says about one recipient, in whatever form it came. */
export interface ReportedRecipient {
  /** The address the report is about; empty when the report names none. */
  readonly address: string;
  /** Original-Recipient: what the sender asked for, before aliases and forwards. */
  readonly originalAddress: string | null;
  readonly action: ReportAction;
  /** `5.1.1`; empty when the report has none. */
  readonly status: string;
  /** The remote server's words, one line; empty when there are none. */
  readonly diagnostic: string;
  /** `smtp`, `x-postfix` …; null when not said. */
  readonly diagnosticType: string | null;
  readonly remoteMta: string | null;
  /** What the reporting server itself sorted the failure into (PowerMTA: `bad-mailbox`), lower case; absent where it did not. */
  readonly category?: string;
  /** The recipient's own filter (Sieve) refused the message, not the server. */
  readonly byFilter?: boolean;
  /** `Action: expired`, a word of SendGrid's own: it failed because its time ran out. */
  readonly expired?: boolean;
}

export interface DeliveryStatus {
  readonly reportingMta: string | null;
  /** ENVID of our MAIL FROM (RFC 3461 §4.4). */
  readonly envelopeId: string | null;
  readonly recipients: readonly ReportedRecipient[];
}

/** A DSN about more recipients than our largest transaction is not about our mail. */
const RECIPIENTS_MAX = 2000;
const FIELDS_PER_BLOCK_MAX = 60;
/** Diagnostics beyond this are decoration. In characters. */
const DIAGNOSTIC_CHARS_MAX = 2000;

/** Reads the machine-readable parts of a report; null when the mail has none. Never throws. */
export function readDeliveryStatus(raw: Buffer): DeliveryStatus | null {
  return deliveryStatusOf(openReport(raw));
}

export function deliveryStatusOf(mail: ReportMail): DeliveryStatus | null {
  // Some servers put the fields into the notice instead of a part of their own.
  const texts = mail.statusParts.some((text) => RECIPIENT_FIELD.test(text)) ? mail.statusParts : [...mail.statusParts, mail.notice];
  let reportingMta: string | null = null;
  let envelopeId: string | null = null;
  const recipients: ReportedRecipient[] = [];
  for (const text of texts) {
    if (!RECIPIENT_FIELD.test(text)) continue;
    for (const block of splitBlocks(text)) {
      reportingMta ??= named(block, 'reporting-mta');
      envelopeId ??= block.get('original-envelope-id') ?? null;
      const recipient = readRecipient(block);
      if (recipient !== null && recipients.length < RECIPIENTS_MAX) recipients.push(recipient);
    }
  }
  return recipients.length === 0 ? null : { reportingMta, envelopeId, recipients };
}

const RECIPIENT_FIELD = /^[ \t]*(?:final|original|x-actual)-recipient[ \t]*:/im;

type Block = ReadonlyMap<string, string>;

/** Groups of fields parted by empty lines. A second recipient without an empty line before it starts a group of its own. */
function splitBlocks(text: string): Block[] {
  const blocks: Map<string, string>[] = [];
  let block = new Map<string, string>();
  let last: string | null = null;
  const close = () => {
    if (block.size > 0) blocks.push(block);
    block = new Map();
    last = null;
  };
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      close();
      continue;
    }
    const field = FIELD.exec(line);
    // Only names that belong into such a report count: diagnostics hold lines with colons, too.
    const name = field?.[1]?.toLowerCase() ?? '';
    if (field !== null && KNOWN.has(name)) {
      if (name === 'final-recipient' && block.has(name)) close();
      if (!block.has(name) && block.size < FIELDS_PER_BLOCK_MAX) block.set(name, (field[2] ?? '').trim());
      last = name;
    } else if (last !== null && (/^[ \t]/.test(line) || last === 'diagnostic-code')) {
      const before = block.get(last) ?? '';
      if (before.length < DIAGNOSTIC_CHARS_MAX) block.set(last, `${before} ${line.trim()}`.trim());
    }
  }
  close();
  return blocks;
}

const FIELD = /^[ \t]*([A-Za-z][A-Za-z0-9-]{1,40})[ \t]*:(.*)$/;
const KNOWN = new Set(
  (
    'reporting-mta original-envelope-id dsn-gateway received-from-mta arrival-date original-recipient final-recipient action status remote-mta diagnostic-code last-attempt-date ' +
    'final-log-id will-retry-until x-actual-recipient x-original-to x-display-name x-supplementary-info x-powermta-bouncecategory x-postfix-queue-id x-postfix-sender localized-language x-local-return-code'
  ).split(' '),
);

function readRecipient(block: Block): ReportedRecipient | null {
  const final = block.get('final-recipient');
  const original = block.get('original-recipient');
  const actual = block.get('x-actual-recipient');
  if (final === undefined && original === undefined && actual === undefined) return null;
  const originalAddress = original === undefined ? null : addressInField(original);
  // A Final-Recipient may be a program, a file or a name inside the receiver's network; then another field knows the mailbox.
  const finalAddress = final === undefined ? null : addressInField(final);
  const inside = finalAddress !== null && !finalAddress.slice(finalAddress.lastIndexOf('@')).includes('.');
  const address =
    (inside ? originalAddress : finalAddress) ??
    finalAddress ??
    originalAddress ??
    (actual === undefined ? null : addressInField(actual)) ??
    '';
  const status = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(block.get('status') ?? '')?.[0] ?? '';
  const { type, text } = readDiagnostic(block.get('diagnostic-code') ?? '');
  const diagnostic = text || supplement(block.get('x-supplementary-info') ?? '') || statusComment(block.get('status') ?? '');
  const category = block.get('x-powermta-bouncecategory')?.trim().toLowerCase() ?? '';
  return {
    address,
    originalAddress,
    action: readAction(block.get('action') ?? '', status),
    status,
    diagnostic,
    diagnosticType: type,
    remoteMta: named(block, 'remote-mta'),
    expired: /^\s*expired\b/i.test(block.get('action') ?? ''),
    ...(category === '' ? {} : { category }),
  };
}

/** `smtp; 550 5.1.1 …`; old servers write `X-Postfix; …`, `smtp;550-…` or no type at all. */
function readDiagnostic(value: string): { type: string | null; text: string } {
  const match = /^([A-Za-z][\w.-]{0,30})[ \t]*;[ \t]*/.exec(value);
  const text = value.slice(match?.[0].length ?? 0, DIAGNOSTIC_CHARS_MAX);
  return { type: match?.[1]?.toLowerCase() ?? null, text: text.replace(/\s+/g, ' ').trim() };
}

/** Exchange 2003 keeps the remote reply here: `< mx.example.com #5.1.1 smtp;550 5.1.1 … User unknown>`. */
function supplement(value: string): string {
  return (/smtp;\s*([^\n]{3,})/i.exec(value.slice(0, DIAGNOSTIC_CHARS_MAX))?.[1] ?? '').replace(/>\s*$/, '').trim();
}

/** `Status: 5.1.1 (unknown user)`: the comment is all that some servers say. */
function statusComment(value: string): string {
  return /\(([^()]{1,500})\)/.exec(value)?.[1]?.trim() ?? '';
}

const ACTIONS: Readonly<Record<string, ReportAction>> = {
  failed: 'failed',
  failure: 'failed',
  fail: 'failed',
  expired: 'failed',
  delayed: 'delayed',
  deferred: 'delayed',
  delivered: 'delivered',
  deliverable: 'delivered',
  relayed: 'relayed',
  expanded: 'expanded',
};

/** RFC 3464 §2.3.3; where the field is missing or odd, the first digit of the status says the same. */
function readAction(value: string, status: string): ReportAction {
  const word = /[a-z]+/.exec(value.toLowerCase())?.[0] ?? '';
  return ACTIONS[word] ?? (status.startsWith('2') ? 'delivered' : status.startsWith('4') ? 'delayed' : 'failed');
}

/** `dns; mx.example.com (192.0.2.1)` → the name with what follows. */
function named(block: Block, name: string): string | null {
  const value = block
    .get(name)
    ?.replace(/^\s*[\w-]{1,20}\s*;\s*/, '')
    .trim();
  return value === undefined || value === '' ? null : value;
}
