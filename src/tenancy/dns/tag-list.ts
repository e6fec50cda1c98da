// This file reads tag lists, "v=DKIM1; k=rsa; p=…" (RFC 6376 §3.2): the form that DKIM keys, DMARC, MTA-STS, TLS-RPT and BIMI records share.

export interface TagList {
  /** Values by name, white space around them taken off; names in lower case. The first of a repeated name counts. */
  readonly tags: ReadonlyMap<string, string>;
  readonly order: readonly string[];
  /** Names that stand more than once. */
  readonly repeated: readonly string[];
  /** Pieces that are not "name=value". */
  readonly broken: readonly string[];
}

/** Records longer than this are nobody's: 255 strings of 255 bytes do not fit into an answer. */
export const RECORD_LENGTH_MAX = 16_384;
/** No format has more than a dozen; the rest is not read. */
const TAGS_MAX = 100;

/** Never throws; what cannot be read is named in `broken`. */
export function readTagList(text: string): TagList {
  const tags = new Map<string, string>();
  const order: string[] = [];
  const repeated: string[] = [];
  const broken: string[] = [];
  for (const piece of text.slice(0, RECORD_LENGTH_MAX).split(';', TAGS_MAX)) {
    const trimmed = piece.trim();
    if (trimmed === '') continue;
    const at = trimmed.indexOf('=');
    const name = at === -1 ? '' : trimmed.slice(0, at).trim();
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      broken.push(trimmed);
      continue;
    }
    const key = name.toLowerCase();
    if (tags.has(key)) repeated.push(key);
    else {
      tags.set(key, trimmed.slice(at + 1).trim());
      order.push(key);
    }
  }
  return { tags, order, repeated, broken };
}
