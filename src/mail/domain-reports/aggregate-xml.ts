// This file reads aggregate reports out of a stream of XML: one pass, no tree, no DTD, no entity beyond the five of XML. Names of elements count, not their
// prefixes, as long as their namespace is the report's own: reporters put prefixes on all, on the root alone, or on none.
import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import { AppError } from '../../errors.ts';
import { type Draft, type ElementRule, FEEDBACK_RULE, makeDraft } from './aggregate-draft.ts';
import { REPORT_LIMITS } from './limits.ts';
import type { AggregateRecord, AggregateReport } from './model.ts';
import { malformed, ReportLimit } from './refusal.ts';
import { makeReportText } from './report-text.ts';
import type { WarningList } from './warnings.ts';

export interface AggregateReader {
  /** Throws AppError: REPORT_MALFORMED, REPORT_DTD_REFUSED, REPORT_LIMIT. */
  write(bytes: Uint8Array): void;
  /** The report, or null when the document is something else. Throws as `write` does. */
  end(): AggregateReport | null;
  /** True as soon as the document has shown that it is an aggregate report. */
  isReport(): boolean;
  /** True as soon as it is known to be something else, so that nothing more needs to be read. */
  isOther(): boolean;
}

/** The parser is fed at most so much at once, so that the limit on tokens is looked at often. */
const FEED_CHARS = 16 * 1024;
/** `feedback` is the root; one reporter writes an xs:schema around it. */
const FEEDBACK_DEPTH_MAX = 2;
const DMARC_NAMESPACE = /^(?:https?:\/\/dmarc\.org\/dmarc-xml\/|urn:ietf:params:xml:ns:dmarc-)/;

/** The result does not depend on how the bytes are cut. */
export function makeAggregateReader(warnings: WarningList, onRecord: (record: AggregateRecord) => void): AggregateReader {
  const text = makeReportText(warnings);
  const walk = makeWalk(warnings, onRecord);
  const parser = new SaxesParser({ position: false });
  let quietChars = 0;
  parser.on('opentag', ({ name, attributes }) => {
    quietChars = 0;
    walk.open(name, attributes);
  });
  parser.on('closetag', () => {
    quietChars = 0;
    walk.close();
  });
  parser.on('text', (piece) => {
    quietChars = 0;
    walk.text(piece);
  });
  parser.on('cdata', (piece) => {
    quietChars = 0;
    walk.text(piece);
  });
  parser.on('comment', () => {
    quietChars = 0;
  });
  parser.on('doctype', refuseDoctype);

  let broken = false;
  const guard = (work: () => void): void => {
    if (broken || walk.isOther()) return;
    try {
      work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (!walk.isComplete()) throw malformed(`The XML is not well-formed: ${error instanceof Error ? error.message : error}`, error);
      // Everything the report says was read; what is broken stands behind it.
      warnings.add('damage-behind-report', error instanceof Error ? error.message : '');
      broken = true;
    }
  };
  const feed = (chars: string): void => {
    for (let at = 0; at < chars.length && !broken && !walk.isOther(); at += FEED_CHARS) {
      guard(() => parser.write(chars.slice(at, at + FEED_CHARS)));
      quietChars += FEED_CHARS;
      if (quietChars > REPORT_LIMITS.textCharsMax + 2 * FEED_CHARS) throw textLimit();
    }
  };
  return {
    write(bytes) {
      // Small texts die young; slices of large ones would keep those alive.
      for (let at = 0; at < bytes.length; at += FEED_CHARS) feed(text.write(bytes.subarray(at, at + FEED_CHARS)));
    },
    end() {
      feed(text.end());
      guard(() => void parser.close());
      return walk.report();
    },
    isReport: walk.isReport,
    isOther: walk.isOther,
  };
}

function refuseDoctype(): never {
  throw new AppError(
    'REPORT_DTD_REFUSED',
    'The XML has a document type declaration, which no report needs and which can fetch or multiply text.',
  );
}

function textLimit(): ReportLimit {
  return new ReportLimit(`A text or tag in the XML is longer than ${REPORT_LIMITS.textCharsMax} characters.`);
}

interface Walk {
  open(name: string, attributes: Record<string, SaxesAttributePlain | string>): void;
  close(): void;
  text(piece: string): void;
  report(): AggregateReport | null;
  isReport(): boolean;
  isOther(): boolean;
  isComplete(): boolean;
}

/** Follows the tree of FEEDBACK_RULE; whatever is not in it is skipped with all its content. */
function makeWalk(warnings: WarningList, onRecord: (record: AggregateRecord) => void): Walk {
  let draft: Draft | null = null;
  let depth = 0;
  /** Depth of `feedback`. */
  let base = 0;
  /** Depth of the outermost element that is being skipped, 0 for none. */
  let skippedFrom = 0;
  let other = false;
  let complete = false;
  let ownPrefixes: ReadonlySet<string> = new Set();
  const path: ElementRule[] = [];
  let leafText = '';

  const begin = (prefix: string, attributes: Attributes): void => {
    if (complete) throw malformed('The XML holds two reports.');
    if (base !== 0) return;
    base = depth;
    if (depth > 1) warnings.add('report-wrapped');
    const namespaces = namespacesOf(attributes);
    const own = namespaces.get(prefix) ?? null;
    ownPrefixes = new Set([
      '',
      prefix,
      ...[...namespaces].filter(([, name]) => name === own || DMARC_NAMESPACE.test(name)).map(([key]) => key),
    ]);
    draft = makeDraft(own, warnings, onRecord);
    path.push(FEEDBACK_RULE);
  };
  const foreign = (prefix: string, attributes: Attributes): boolean => {
    const own = draft?.report.namespace ?? null;
    const name = textOf(attributes[prefix === '' ? 'xmlns' : `xmlns:${prefix}`]);
    if (name !== null) return name !== '' && name !== own && !DMARC_NAMESPACE.test(name);
    return !ownPrefixes.has(prefix);
  };
  const skip = (name: string, quiet: boolean): void => {
    skippedFrom = depth;
    if (!quiet) warnings.add('unknown-element', name);
  };
  return {
    open(name, attributes) {
      depth += 1;
      if (depth > REPORT_LIMITS.xmlDepthMax) throw new ReportLimit(`The XML nests deeper than ${REPORT_LIMITS.xmlDepthMax} elements.`);
      if (skippedFrom > 0) return;
      const colon = name.indexOf(':');
      const prefix = colon < 0 ? '' : name.slice(0, colon);
      const local = (colon < 0 ? name : name.slice(colon + 1)).toLowerCase();
      const rule = path.at(-1);
      if (rule === undefined || draft === null) {
        if (local === 'feedback' && depth <= FEEDBACK_DEPTH_MAX) begin(prefix, attributes);
        else if (depth >= FEEDBACK_DEPTH_MAX && !complete) other = true;
        return;
      }
      const next = rule.children?.get(local);
      if (next === undefined || next.skipped || foreign(prefix, attributes)) return skip(name, next?.skipped ?? false);
      path.push(next);
      leafText = '';
      next.enter?.(draft);
    },
    close() {
      depth -= 1;
      if (skippedFrom > 0) {
        if (depth < skippedFrom) skippedFrom = 0;
        return;
      }
      const rule = path.pop();
      if (rule === undefined || draft === null) return;
      rule.text?.(draft, leafText.trim());
      rule.leave?.(draft);
      leafText = '';
      if (path.length === 0) complete = true;
    },
    text(piece) {
      if (skippedFrom > 0) return;
      if (leafText.length + piece.length > REPORT_LIMITS.textCharsMax) throw textLimit();
      // Only leaves have a text that counts; between other elements stands white space.
      if (path.at(-1)?.text !== undefined) leafText += piece;
    },
    report: () => (draft !== null && complete ? finished(draft) : null),
    isReport: () => draft !== null,
    isOther: () => other,
    isComplete: () => complete,
  };
}

type Attributes = Record<string, SaxesAttributePlain | string>;

function finished({ report, warnings }: Draft): AggregateReport {
  const { beginS, endS, policy, records } = report;
  if (beginS === null || endS === null) warnings.add('date-missing');
  else if (endS < beginS) warnings.add('dates-swapped');
  if (policy.domain === null) warnings.add('domain-missing');
  if (!report.reportId) warnings.add('report-id-missing');
  if (!report.orgName) warnings.add('org-name-missing');
  if (records === 0) warnings.add('no-records');
  if (policy.domain === null && !report.reportId && records === 0) {
    throw malformed('The XML is a feedback element without a report: no domain, no id, no record.');
  }
  return report;
}

function namespacesOf(attributes: Attributes): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    const name = textOf(value);
    if (name === null) continue;
    if (key === 'xmlns') found.set('', name);
    else if (key.startsWith('xmlns:')) found.set(key.slice('xmlns:'.length), name);
  }
  return found;
}

function textOf(value: SaxesAttributePlain | string | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : value.value;
}
