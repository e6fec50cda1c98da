// This file writes DNS questions and reads DNS answers as they stand on the wire (RFC 1035 §4, EDNS RFC 6891). Answers come from strangers:
// every length and pointer is checked, and anything that does not fit makes the whole message null.

/** The kinds this desk asks for. */
export const TYPE_CODES = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const;
export type RecordType = keyof typeof TYPE_CODES;

export interface WireRecord {
  /** Lower case, without the final dot. */
  readonly name: string;
  readonly type: RecordType;
  readonly ttlS: number;
  /** A, AAAA: the address · NS, CNAME, PTR, SOA: a name (of SOA the first) · MX: the exchanger · TXT: the strings joined. */
  readonly value: string;
  /** MX only, else 0. */
  readonly preference: number;
}

export interface WireMessage {
  readonly id: number;
  readonly response: boolean;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly rcode: number;
  readonly question: { readonly name: string; readonly type: number } | null;
  readonly answers: readonly WireRecord[];
  readonly authority: readonly WireRecord[];
}

const HEADER_BYTES = 12;
const CLASS_IN = 1;
const TYPE_OPT = 41;
/** What passes everywhere unfragmented (DNS flag day 2020). */
const UDP_SIZE = 1232;
const LABEL_MAX = 63;
const NAME_MAX = 253;
/** A name has at most 127 labels; a pointer leads to an earlier place, so more jumps than this are a circle. */
const JUMPS_MAX = 64;
/** Records of one answer that are read; a zone with more at one name is not one we can help. */
const RECORDS_MAX = 500;

/** Whether a name can stand in a question: ASCII, labels of 1 to 63 bytes, 253 in all. */
export function isAskable(name: string): boolean {
  if (name === '') return true;
  return (
    name.length <= NAME_MAX && name.split('.').every((label) => label !== '' && label.length <= LABEL_MAX && /^[\x21-\x7e]+$/.test(label))
  );
}

/** One question. `recursion` asks the server to find the answer elsewhere. The name has to be askable. */
export function encodeQuestion(id: number, name: string, type: RecordType, recursion: boolean): Buffer {
  const labels = name === '' ? [] : name.split('.');
  const nameBytes = labels.reduce((sum, label) => sum + label.length + 1, 1);
  const bytes = Buffer.alloc(HEADER_BYTES + nameBytes + 4 + 11);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(recursion ? 0x0100 : 0, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt16BE(1, 10);
  let at = HEADER_BYTES;
  for (const label of labels) {
    at = bytes.writeUInt8(label.length, at);
    at += bytes.write(label, at, 'latin1');
  }
  at = bytes.writeUInt16BE(TYPE_CODES[type], at + 1);
  at = bytes.writeUInt16BE(CLASS_IN, at);
  // OPT: root, type, size of answers, no flags, no options.
  at = bytes.writeUInt16BE(TYPE_OPT, at + 1);
  bytes.writeUInt16BE(UDP_SIZE, at);
  return bytes;
}

/** Reads a whole message; null when it is damaged. Records of other kinds and classes are left out. */
export function decodeMessage(bytes: Buffer): WireMessage | null {
  try {
    return decode(bytes);
  } catch (error) {
    // A read beyond the end (RangeError) or a name that is none: the message cannot be believed.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function decode(bytes: Buffer): WireMessage {
  const flags = bytes.readUInt16BE(2);
  const counts = [4, 6, 8].map((offset) => bytes.readUInt16BE(offset));
  const [questions = 0, answerCount = 0, authorityCount = 0] = counts;
  let at = HEADER_BYTES;
  let question: WireMessage['question'] = null;
  for (let index = 0; index < questions; index += 1) {
    const { name, next } = readName(bytes, at);
    question ??= { name, type: bytes.readUInt16BE(next) };
    at = next + 4;
  }
  const truncated = (flags & 0x0200) !== 0;
  const sections: WireRecord[][] = [];
  for (const count of [answerCount, authorityCount]) {
    const records: WireRecord[] = [];
    // A truncated answer is asked for again over TCP; what it holds is not needed.
    for (let index = 0; index < count && !truncated; index += 1) {
      if (index >= RECORDS_MAX) throw new RangeError('more records than are read');
      const { record, next } = readRecord(bytes, at);
      if (record) records.push(record);
      at = next;
    }
    sections.push(records);
  }
  return {
    id: bytes.readUInt16BE(0),
    response: (flags & 0x8000) !== 0,
    authoritative: (flags & 0x0400) !== 0,
    truncated,
    rcode: flags & 0x000f,
    question,
    answers: sections[0] ?? [],
    authority: sections[1] ?? [],
  };
}

function readRecord(bytes: Buffer, start: number): { record: WireRecord | null; next: number } {
  const { name, next: at } = readName(bytes, start);
  const code = bytes.readUInt16BE(at);
  const recordClass = bytes.readUInt16BE(at + 2);
  // RFC 2181 §8: a TTL with the highest bit set counts as 0.
  const ttl = bytes.readUInt32BE(at + 4);
  const from = at + 10;
  const next = from + bytes.readUInt16BE(at + 8);
  if (next > bytes.length) throw new RangeError('a record ends behind the message');
  const type = typeOf(code);
  if (type === null || recordClass !== CLASS_IN) return { record: null, next };
  const { value, preference = 0 } = readValue(bytes, type, from, next);
  return { record: { name, type, ttlS: ttl > 0x7fffffff ? 0 : ttl, value, preference }, next };
}

function readValue(bytes: Buffer, type: RecordType, from: number, end: number): { value: string; preference?: number } {
  switch (type) {
    case 'A':
      if (end - from !== 4) throw new RangeError('an IPv4 address has 4 bytes');
      return { value: bytes.subarray(from, end).join('.') };
    case 'AAAA':
      if (end - from !== 16) throw new RangeError('an IPv6 address has 16 bytes');
      return { value: Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(from + index * 2).toString(16)).join(':') };
    case 'MX':
      return { value: readName(bytes, from + 2).name, preference: bytes.readUInt16BE(from) };
    case 'TXT':
      return { value: readStrings(bytes, from, end) };
    case 'NS':
    case 'CNAME':
    case 'SOA':
    case 'PTR':
      return { value: readName(bytes, from).name };
  }
}

function readStrings(bytes: Buffer, from: number, end: number): string {
  const parts: Buffer[] = [];
  for (let at = from; at < end; ) {
    const length = bytes.readUInt8(at);
    if (at + 1 + length > end) throw new RangeError('a string ends behind its record');
    parts.push(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  // Bytes that are not UTF-8 become the replacement character: shown to people, equal to nothing.
  return Buffer.concat(parts).toString('utf8');
}

function readName(bytes: Buffer, start: number): { name: string; next: number } {
  const labels: string[] = [];
  let at = start;
  let next = -1;
  let length = 0;
  for (let jumps = 0; ; ) {
    const size = bytes.readUInt8(at);
    if (size === 0) {
      if (next === -1) next = at + 1;
      break;
    }
    if ((size & 0xc0) === 0xc0) {
      const target = bytes.readUInt16BE(at) & 0x3fff;
      if (next === -1) next = at + 2;
      jumps += 1;
      if (target >= at || jumps > JUMPS_MAX) throw new RangeError('a name points forward or in a circle');
      at = target;
      continue;
    }
    if (size > LABEL_MAX || at + 1 + size > bytes.length) throw new RangeError('a label is too long');
    length += size + 1;
    if (length > NAME_MAX + 1) throw new RangeError('a name is too long');
    labels.push(labelText(bytes.subarray(at + 1, at + 1 + size)));
    at += 1 + size;
  }
  return { name: labels.join('.').toLowerCase(), next };
}

/** RFC 1035 §5.1: what would read as something else is written with a backslash. */
function labelText(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (/^[\w-]+$/.test(text)) return text;
  return text.replace(/[^\x21-\x7e]|[.\\]/g, (char) =>
    char === '.' || char === '\\' ? `\\${char}` : `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  );
}

const TYPES = new Map<number, RecordType>(
  // Object.entries forgets that the keys are those of the table.
  Object.entries(TYPE_CODES).map(([name, code]) => [code, name as RecordType]),
);

function typeOf(code: number): RecordType | null {
  return TYPES.get(code) ?? null;
}
