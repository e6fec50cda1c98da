// This file makes message bytes fit for DATA: transparency for leading dots (RFC 5321 §4.5.2), and a last look for the line breaks that
// smuggle a second message past a careless server.

const LF_DOT = Buffer.from('\n.');
const CR_DOT = Buffer.from('\r.');
const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** `null`: a bare CR or LF stands before a dot, which some servers read as the end of the message; it must not go out. */
export type Stuffed = Buffer | null;

/**
 * Doubles the dot of every line that begins with one. Returns the same buffer when there is none, which is nearly always:
 * two native scans are all that a normal message costs.
 */
export function dotStuff(mime: Buffer): Stuffed {
  if (mime.indexOf(CR_DOT) !== -1) return null;
  let hit = mime.indexOf(LF_DOT);
  const first = mime[0] === DOT;
  if (hit === -1 && !first) return mime;
  const cuts: number[] = first ? [0] : [];
  while (hit !== -1) {
    if (mime[hit - 1] !== CR) return null;
    cuts.push(hit + 1);
    hit = mime.indexOf(LF_DOT, hit + 1);
  }
  return withDots(mime, cuts);
}

/** What ends the message: the line break it lacks, then the lone dot. */
export function ending(mime: Buffer): '.\r\n' | '\r\n.\r\n' {
  const length = mime.length;
  return length === 0 || (mime[length - 1] === LF && mime[length - 2] === CR) ? '.\r\n' : '\r\n.\r\n';
}

/** Copies `mime` with one more dot before every position in `cuts`. */
function withDots(mime: Buffer, cuts: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(mime.length + cuts.length);
  let from = 0;
  let to = 0;
  for (const cut of cuts) {
    to += mime.copy(out, to, from, cut);
    out[to++] = DOT;
    from = cut;
  }
  mime.copy(out, to, from);
  return out;
}
