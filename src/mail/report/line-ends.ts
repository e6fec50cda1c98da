// This file makes every line of a received mail end in LF. Stored mail comes with CRLF, LF and, from old Macs, CR alone; after this one step all readers agree.

const CR = 0x0d;
const LF = 0x0a;

/** The same bytes with CRLF and lone CR as LF; the buffer itself where there is no CR. */
export function withLfEnds(raw: Buffer): Buffer {
  let at = raw.indexOf(CR);
  if (at < 0) return raw;
  const out = Buffer.allocUnsafe(raw.length);
  let from = 0;
  let write = 0;
  while (at >= 0) {
    raw.copy(out, write, from, at);
    write += at - from;
    out[write] = LF;
    write += 1;
    from = raw[at + 1] === LF ? at + 2 : at + 1;
    at = raw.indexOf(CR, from);
  }
  raw.copy(out, write, from);
  return out.subarray(0, write + raw.length - from);
}
