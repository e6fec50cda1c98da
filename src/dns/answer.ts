// This file answers one DNS question about the delegated DKIM zone (RFC 1034, 1035, 2308, 6891, 8020, 8482): with authority for the zone, not at all for
// anything else. No recursion, no transfers, no ANY: nothing that could be made to answer largely or to work for strangers.
import dnsPacket, { type Answer, type OptAnswer, type Packet } from 'dns-packet';
import { type KeyOwner, readDelegatedName } from '../tenancy/dkim-keys.ts';
import { ZONE_TTL_S, type ZoneDomain, zoneRecords } from '../tenancy/dkim-records.ts';

export interface DkimZone {
  /** Lower case, without the final dot. */
  readonly name: string;
  /** Names of the servers that answer for it, the first one the primary. */
  readonly nameServers: readonly string[];
  /** The domain with these numbers; null when there is none. Rejects when it cannot be told now. */
  find(owner: KeyOwner): Promise<ZoneDomain | null>;
  /** Grows when the zone changes. */
  serial(): number;
}

export type Transport = 'udp' | 'tcp';

/** What passes everywhere unfragmented (DNS flag day 2020), whatever the client says it takes. */
const UDP_MAX = 1232;
/** RFC 1035 §2.3.4: what a client without EDNS takes. */
const UDP_PLAIN = 512;
const TCP_MAX = 65_535;
const HEADER_BYTES = 12;
const TYPE_AND_CLASS_BYTES = 4;
/** RFC 1035 §2.3.4. */
const LABEL_MAX = 63;
/** How long "nothing there" is remembered (RFC 2308 §5), seconds: a domain that was just registered shows within minutes. */
const NEGATIVE_TTL_S = 300;
const RCODE = { ok: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5 } as const;
/** RFC 6891 §6.1.3, the upper eight bits of 16. */
const BADVERS_UPPER = 1;
const OPT_MAX = 1;

interface Question {
  readonly name: string;
  readonly type: string;
}

/** What an answer is made of before it is written. */
interface Verdict {
  readonly rcode: number;
  readonly authoritative?: true;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
}

/** The answer to a message as it came in; null for what deserves none (answers, and what is too short to have an id). Never rejects. */
export async function answerDns(message: Buffer, transport: Transport, zone: DkimZone): Promise<Buffer | null> {
  if (message.length < HEADER_BYTES || (message.readUInt8(2) & 0x80) !== 0) return null;
  const id = message.readUInt16BE(0);
  const opcode = (message.readUInt8(2) >> 3) & 0x0f;
  if (opcode !== 0) return bare(id, message, RCODE.notImp);
  // One question and at most its EDNS record: the counts are looked at before anything is read by them.
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => message.readUInt16BE(at));
  if (questions !== 1 || answers !== 0 || authorities !== 0 || (additionals ?? 0) > OPT_MAX) return bare(id, message, RCODE.formErr);
  const query = decode(message);
  const question = query?.questions?.[0];
  if (!query || !question || !/^[\x21-\x7e]*$/.test(question.name)) return bare(id, message, RCODE.formErr);
  const opt = query.additionals?.find((record): record is OptAnswer => record.type === 'OPT') ?? null;
  const frame = { id, flags: (query.flags ?? 0) & dnsPacket.RECURSION_DESIRED, questions: [question], opt, transport };
  if (opt !== null && opt.ednsVersion !== 0) return write(frame, { rcode: RCODE.ok }, BADVERS_UPPER);
  if (question.class !== 'IN') return write(frame, { rcode: RCODE.refused });
  try {
    return write(frame, await judge(question, zone));
  } catch {
    // The store is away: another server, or a moment later, may know.
    return write(frame, { rcode: RCODE.servFail });
  }
}

/**
 * The same question answered with "ask by TCP": what a source gets now and then that asks more than its share by UDP. The question comes back, for without it no
 * resolver believes an answer (RFC 5452 §9.1); nothing else does, so the answer is never larger than what came in.
 */
export function truncatedAnswer(message: Buffer): Buffer | null {
  if (message.length < HEADER_BYTES || (message.readUInt8(2) & 0x80) !== 0) return null;
  const reply = bare(message.readUInt16BE(0), message, RCODE.ok);
  reply.writeUInt8(reply.readUInt8(2) | 0x02, 2);
  const end = message.readUInt16BE(4) === 1 ? questionEnd(message) : null;
  if (end === null) return reply;
  reply.writeUInt16BE(1, 4);
  return Buffer.concat([reply, message.subarray(HEADER_BYTES, end)]);
}

/** Where the first question of a message ends; null where it cannot be read. Nothing stands before it that its name could point to. */
function questionEnd(message: Buffer): number | null {
  for (let at = HEADER_BYTES; at < message.length; ) {
    const size = message.readUInt8(at);
    if (size === 0) return at + 1 + TYPE_AND_CLASS_BYTES <= message.length ? at + 1 + TYPE_AND_CLASS_BYTES : null;
    if (size > LABEL_MAX) return null;
    at += 1 + size;
  }
  return null;
}

async function judge(question: Question, zone: DkimZone): Promise<Verdict> {
  const name = question.name.toLowerCase().replace(/\.$/, '');
  if (name !== zone.name && !name.endsWith(`.${zone.name}`)) return { rcode: RCODE.refused };
  if (question.type === 'AXFR' || question.type === 'IXFR') return { rcode: RCODE.refused };
  if (name === zone.name) return apex(question, zone);
  const within = name.slice(0, -zone.name.length - 1);
  // The labels between the places and the zone exist as long as anything below them may (RFC 8020).
  if (/^[1-9]\d{0,9}$/.test(within)) return nothing(zone, RCODE.ok);
  const owner = readDelegatedName(within);
  const domain = owner && (await zone.find(owner));
  const record = domain && zoneRecords(domain, zone.name).find((each) => each.name === name);
  if (!record) return nothing(zone, RCODE.nxDomain);
  if (question.type === 'ANY') return { rcode: RCODE.ok, authoritative: true, answers: [noAny(question.name)] };
  if (question.type !== 'TXT') return nothing(zone, RCODE.ok);
  const answer: Answer = { type: 'TXT', name: question.name, class: 'IN', ttl: ZONE_TTL_S, data: strings(record.value) };
  return { rcode: RCODE.ok, authoritative: true, answers: [answer] };
}

function apex(question: Question, zone: DkimZone): Verdict {
  const { name, type } = question;
  if (type === 'SOA') return { rcode: RCODE.ok, authoritative: true, answers: [soa(zone, name)] };
  if (type === 'ANY') return { rcode: RCODE.ok, authoritative: true, answers: [noAny(name)] };
  if (type !== 'NS') return nothing(zone, RCODE.ok);
  const answers = zone.nameServers.map((data): Answer => ({ type: 'NS', name, class: 'IN', ttl: ZONE_TTL_S, data }));
  return { rcode: RCODE.ok, authoritative: true, answers };
}

/** "No such name" or "no such record there": the SOA says how long that holds. */
function nothing(zone: DkimZone, rcode: number): Verdict {
  return { rcode, authoritative: true, authorities: [soa(zone, zone.name)] };
}

function soa(zone: DkimZone, name: string): Answer {
  const times = { refresh: 3_600, retry: 900, expire: 604_800, minimum: NEGATIVE_TTL_S };
  const data = { mname: zone.nameServers[0] ?? zone.name, rname: `hostmaster.${zone.name}`, serial: zone.serial(), ...times };
  return { type: 'SOA', name, class: 'IN', ttl: NEGATIVE_TTL_S, data };
}

/** RFC 8482 §4.2: an answer to ANY that is small and says why. */
function noAny(name: string): Answer {
  return { type: 'HINFO', name, class: 'IN', ttl: ZONE_TTL_S, data: { cpu: 'RFC8482', os: '' } };
}

/** A string of a TXT record holds at most 255 bytes; readers join them without anything between. */
function strings(text: string): string[] {
  return text.match(/.{1,255}/gs) ?? [''];
}

interface Frame {
  readonly id: number;
  readonly flags: number;
  readonly questions: NonNullable<Packet['questions']>;
  readonly opt: OptAnswer | null;
  readonly transport: Transport;
}

function write(frame: Frame, verdict: Verdict, extendedRcode = 0): Buffer {
  const { id, questions, opt, transport } = frame;
  const room = transport === 'tcp' ? TCP_MAX : Math.min(UDP_MAX, Math.max(UDP_PLAIN, opt?.udpPayloadSize ?? UDP_PLAIN));
  const flags = frame.flags | verdict.rcode | (verdict.authoritative ? dnsPacket.AUTHORITATIVE_ANSWER : 0);
  const own: OptAnswer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_MAX,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  const base: Packet = { type: 'response', id, questions, additionals: opt === null ? [] : [own] };
  const whole = dnsPacket.encode({
    ...base,
    flags,
    answers: [...(verdict.answers ?? [])],
    authorities: [...(verdict.authorities ?? [])],
  });
  if (whole.length <= room) return whole;
  return dnsPacket.encode({ ...base, flags: flags | dnsPacket.TRUNCATED_RESPONSE, answers: [], authorities: [] });
}

/** An answer of a header alone. */
function bare(id: number, message: Buffer, rcode: number): Buffer {
  const reply = Buffer.alloc(HEADER_BYTES);
  reply.writeUInt16BE(id, 0);
  // The question's kind and its wish for recursion come back as they were (RFC 1035 §4.1.1).
  reply.writeUInt8(0x80 | (message.readUInt8(2) & 0x79), 2);
  reply.writeUInt8(rcode, 3);
  return reply;
}

function decode(message: Buffer): Packet | null {
  try {
    return dnsPacket.decode(message);
  } catch {
    // Whatever a stranger sent that is no DNS message: said to be malformed, and nothing more.
    return null;
  }
}
