// This file gathers the receivers' own words as the evidence of an incident: the same words about different addresses, IPs and queue ids are one
// line with a count.

export interface Evidence {
  /** The words as they came first; null: the kinds of words that found no line of their own any more. */
  readonly reply: string | null;
  readonly class: string | null;
  readonly count: number;
  /** When they came last, milliseconds since 1970. */
  readonly atMs: number;
}

/** Lines of evidence; receivers say the same thing in few ways, and nobody reads a twentieth. */
const LINES_MAX = 12;
/** Characters of a reply that are kept; the first lines say what is meant. */
const REPLY_CHARS_MAX = 500;
/** Characters that tell one kind of words from another. */
const KIND_CHARS_MAX = 160;

/** The lines with some more answers, most frequent first. */
export function addEvidence(
  before: readonly Evidence[],
  answers: readonly { readonly reply: string | null; readonly class: string | null; readonly atMs: number }[],
): readonly Evidence[] {
  if (answers.length === 0) return before;
  const lines = new Map(before.map((line) => [kindOf(line.reply, line.class), line]));
  for (const { reply: said, class: cls, atMs } of answers) {
    const reply = said === null ? null : said.slice(0, REPLY_CHARS_MAX);
    const wanted = kindOf(reply, cls);
    const rest = kindOf(null, null);
    const key = lines.has(wanted) || lines.size < LINES_MAX - 1 ? wanted : rest;
    const line = lines.get(key) ?? { reply: key === rest ? null : reply, class: key === rest ? null : cls, count: 0, atMs };
    lines.set(key, { ...line, count: line.count + 1, atMs: Math.max(line.atMs, atMs) });
  }
  return [...lines.values()].toSorted((a, b) => b.count - a.count);
}

/** What two answers have in common when only address, IP, numbers and ids differ. */
function kindOf(reply: string | null, cls: string | null): string {
  if (reply === null) return cls ?? '';
  const words = reply
    .toLowerCase()
    .replace(/<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/g, '@')
    .replace(/\b[0-9a-f]*\d[0-9a-f.:-]*\b/g, '#')
    .slice(0, KIND_CHARS_MAX);
  return `${cls ?? ''} ${words}`;
}
