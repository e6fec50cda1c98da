// This file makes every line of a received mail end in LF. Stored mail comes with CRLF, LF and, from old Macs, CR alone; after this one step all readers agree.

const CR = 0x0d;
const LF = 0x0a;

/** The same bytes with CRLF and lone CR as LF; the buffer itself where there is no CR. */
export function withLfEnds(raw: Buffer): Buffer {
  const first = raw.indexOf(CR);
  if (first < 0) return raw;
  const out = Buffer.allocUnsafe(raw.length);
  raw.copy(out, 0, 0, first);
  let write = first;
  // Byte by byte: a copy for every line costs ten times as much where lines are short.
  for (let at = first; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte === LF && raw[at - 1] === CR) continue;
    out[write] = byte === CR ? LF : byte;
    write += 1;
  }
  return out.subarray(0, write);
}
