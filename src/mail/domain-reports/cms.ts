// This file opens what S/MIME signed and wrapped (CMS, RFC 5652): a SignedData holds its content in the clear, so a report in it can be read without any key. The
// signature is not looked at; who brought a report is proven by DKIM and SPF of the mail. BER with lengths that come at the end is read, as signers that stream write it.

export type CmsContent =
  | { readonly kind: 'signed'; readonly content: Buffer }
  /** Encrypted, or of a form we do not open. */
  | { readonly kind: 'sealed' }
  /** A signature beside its content, or cut off: nothing is in it. */
  | { readonly kind: 'empty' };

/** 1.2.840.113549.1.7: the CMS content types of PKCS #7; the next byte says which. */
const PKCS7 = Buffer.from('06092a864886f70d0107', 'hex');
/** SignedData (RFC 5652 §5.1); the others are encrypted in one way or another. */
const SIGNED = 2;
/** The outermost tag and length stand before the type: two to seven bytes. */
export const CMS_HEAD_BYTES = 24;
/** ContentInfo and EncapsulatedContentInfo need five; what nests deeper is no mail. */
const DEPTH_MAX = 16;
/** Elements looked at: signers that stream write pieces of a kilobyte and more, and a mail has 25 MB. */
const ELEMENTS_MAX = 100_000;
const SEQUENCE = 0x30;
const EXPLICIT_0 = 0xa0;
const OCTETS = 0x04;
const OCTETS_IN_PIECES = 0x24;
const SMIME_TYPES = /^application\/(?:x-)?pkcs7-mime$/;

/** True for bytes that begin as CMS does. */
export function looksLikeCms(head: Buffer): boolean {
  return head[0] === SEQUENCE && head.subarray(0, CMS_HEAD_BYTES).includes(PKCS7);
}

/** True for the type of what is wrapped (and not only signed beside it). */
export function isSmimeType(type: string): boolean {
  return SMIME_TYPES.test(type);
}

/** What lies inside. Never throws; linear in the bytes. */
export function openCms(bytes: Buffer): CmsContent {
  const walk: Walk = { bytes, left: ELEMENTS_MAX };
  const type = bytes.subarray(0, CMS_HEAD_BYTES).indexOf(PKCS7);
  if (type < 0 || bytes[type + PKCS7.length] !== SIGNED) return { kind: 'sealed' };
  const [, wrapped] = childrenOf(walk, elementAt(walk, 0, bytes.length), 2);
  const signedData = inner(walk, wrapped, SEQUENCE);
  const [, , encapsulated] = childrenOf(walk, signedData, 3);
  const [, explicit] = childrenOf(walk, encapsulated ?? null, 2);
  const [octets] = explicit?.tag === EXPLICIT_0 ? childrenOf(walk, explicit, 1) : [];
  const pieces: Buffer[] = [];
  if (octets === undefined || !collect(walk, octets, pieces, 0)) return { kind: 'empty' };
  return { kind: 'signed', content: Buffer.concat(pieces) };
}

interface Walk {
  readonly bytes: Buffer;
  left: number;
}

interface Element {
  readonly tag: number;
  /** Of its content. */
  readonly from: number;
  /** End of its content; null: it ends with two zero bytes. */
  readonly to: number | null;
  /** What encloses it ends here. */
  readonly limit: number;
}

/** The element that begins there; null: none does. Tags of one byte are all that stand on the way to the content. */
function elementAt(walk: Walk, at: number, limit: number): Element | null {
  const { bytes } = walk;
  walk.left -= 1;
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (walk.left < 0 || at + 2 > limit || tag === undefined || first === undefined) return null;
  if (first === 0x80) return { tag, from: at + 2, to: null, limit };
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || at + 2 + lengthBytes > limit) return null;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const from = at + 2 + lengthBytes;
  return from + length > limit ? null : { tag, from, to: from + length, limit };
}

/** Up to `count` elements inside. */
function childrenOf(walk: Walk, parent: Element | null, count: number): Element[] {
  const found: Element[] = [];
  let at = parent?.from ?? 0;
  while (parent !== null && found.length < count) {
    const child = nextIn(walk, parent, at);
    if (child === null) break;
    found.push(child);
    const end = found.length < count ? endOf(walk, child, 0) : null;
    if (end === null) break;
    at = end;
  }
  return found;
}

/** The element of a parent that begins at `at`; null at its end. */
function nextIn(walk: Walk, parent: Element, at: number): Element | null {
  if (parent.to !== null) return at >= parent.to ? null : elementAt(walk, at, parent.to);
  return walk.bytes[at] === 0 && walk.bytes[at + 1] === 0 ? null : elementAt(walk, at, parent.limit);
}

/** Where the next element begins; null: it is not whole. */
function endOf(walk: Walk, element: Element, depth: number): number | null {
  if (element.to !== null) return element.to;
  if (depth >= DEPTH_MAX) return null;
  let at = element.from;
  for (let child = nextIn(walk, element, at); child !== null; child = nextIn(walk, element, at)) {
    const end = endOf(walk, child, depth + 1);
    if (end === null) return null;
    at = end;
  }
  return walk.bytes[at] === 0 && walk.bytes[at + 1] === 0 ? at + 2 : null;
}

function inner(walk: Walk, explicit: Element | undefined, tag: number): Element | null {
  const [first] = explicit?.tag === EXPLICIT_0 ? childrenOf(walk, explicit, 1) : [];
  return first?.tag === tag ? first : null;
}

/** Puts the octets of a string together, which may come in pieces of pieces. False: it is not whole. */
function collect(walk: Walk, octets: Element, into: Buffer[], depth: number): boolean {
  if (octets.tag === OCTETS && octets.to !== null) {
    into.push(walk.bytes.subarray(octets.from, octets.to));
    return true;
  }
  if (octets.tag !== OCTETS_IN_PIECES || depth >= DEPTH_MAX) return false;
  let at = octets.from;
  for (let piece = nextIn(walk, octets, at); piece !== null; piece = nextIn(walk, octets, at)) {
    const end = endOf(walk, piece, depth);
    if (end === null || !collect(walk, piece, into, depth + 1)) return false;
    at = end;
  }
  return octets.to === null ? walk.bytes[at] === 0 && walk.bytes[at + 1] === 0 : at === octets.to;
}
