// This file is a DNS server for tests on a port of its own, over UDP and TCP: it answers from a function and can misbehave on request: stay silent,
// refuse, cut its UDP answers off, or let a forged answer come first.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { decodeMessage, type RecordType, TYPE_CODES } from '../../src/watch/dns/wire.ts';

interface FakeRecord {
  /** Left out: the name of the question. */
  readonly name?: string;
  readonly type: RecordType;
  readonly value: string;
  readonly preference?: number;
  readonly ttlS?: number;
}

export interface FakeAnswer {
  readonly answers?: readonly FakeRecord[];
  readonly authority?: readonly FakeRecord[];
  readonly rcode?: number;
  readonly authoritative?: boolean;
  readonly misbehave?: 'silent' | 'truncate' | 'forge-first' | 'garbage';
}

export interface FakeDns {
  readonly port: number;
  /** Every question, as "TYPE name", with "!" where recursion was asked for and "/tcp" over TCP. */
  readonly asked: string[];
  close(): Promise<void>;
}

const TTL_S = 60;
/** Of tens of thousands of ports, those in use are few. */
const PORT_TRIES = 20;

/** Opens it on 127.0.0.1. `answer` gets the question in lower case. */
export async function fakeDns(answer: (name: string, type: string) => FakeAnswer): Promise<FakeDns> {
  const asked: string[] = [];
  const names = new Map<number, string>(Object.entries(TYPE_CODES).map(([name, code]) => [code, name]));

  function answerTo(
    bytes: Buffer,
    over: 'udp' | 'tcp',
  ): { said: FakeAnswer; reply: (changes?: { id?: number; cut?: boolean }) => Buffer } | null {
    const message = decodeMessage(bytes);
    if (!message?.question) return null;
    const { name, type } = message.question;
    const kind = names.get(type) ?? String(type);
    const recursion = (bytes.readUInt16BE(2) & 0x0100) !== 0;
    asked.push(`${kind} ${name}${recursion ? '!' : ''}${over === 'tcp' ? '/tcp' : ''}`);
    const said = answer(name, kind);
    return { said, reply: ({ id = message.id, cut = false } = {}) => encodeAnswer(id, message.question ?? { name, type }, said, cut) };
  }

  const tcp = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const found = answerTo(chunk.subarray(2), 'tcp');
      if (!found) return;
      const body = found.reply();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(body.length);
      // In two pieces, as networks do.
      socket.write(Buffer.concat([length, body.subarray(0, 10)]));
      setImmediate(() => socket.end(body.subarray(10)));
    });
  });
  const { port, udp } = await bindBoth(tcp);
  udp.on('message', (bytes, peer) => {
    const found = answerTo(bytes, 'udp');
    if (!found || found.said.misbehave === 'silent') return;
    const send = (reply: Buffer) => udp.send(reply, peer.port, peer.address);
    if (found.said.misbehave === 'garbage') send(Buffer.from('no message at all'));
    else if (found.said.misbehave === 'truncate') send(found.reply({ cut: true }));
    else {
      if (found.said.misbehave === 'forge-first') send(found.reply({ id: (bytes.readUInt16BE(0) + 1) & 0xffff, cut: false }));
      send(found.reply());
    }
  });
  return {
    port,
    asked,
    close: async () => {
      await Promise.all([new Promise<void>((resolve) => udp.close(resolve)), new Promise<unknown>((resolve) => tcp.close(resolve))]);
    },
  };
}

/** Both on one port: where somebody's question leaves from the one that TCP was given, another is tried. */
async function bindBoth(tcp: Server): Promise<{ port: number; udp: UdpSocket }> {
  for (let tries = 1; ; tries += 1) {
    await once(tcp.listen(0, '127.0.0.1'), 'listening');
    const address = tcp.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const udp = createSocket('udp4');
    try {
      await once(udp.bind(port, '127.0.0.1'), 'listening');
      return { port, udp };
    } catch (error) {
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
      if (tries === PORT_TRIES) throw error;
    }
  }
}

function encodeAnswer(id: number, question: { name: string; type: number }, said: FakeAnswer, cut: boolean): Buffer {
  const { answers = [], authority = [], rcode = 0, authoritative = true } = said;
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x8000 | (authoritative ? 0x0400 : 0) | (cut ? 0x0200 : 0) | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(cut ? 0 : answers.length, 6);
  head.writeUInt16BE(cut ? 0 : authority.length, 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(question.type, 0);
  tail.writeUInt16BE(1, 2);
  const records = cut ? [] : [...answers, ...authority].map((record) => encodeRecord(record, question.name));
  return Buffer.concat([head, encodeName(question.name), tail, ...records]);
}

function encodeRecord({ name, type, value, preference = 0, ttlS = TTL_S }: FakeRecord, asked: string): Buffer {
  const data = encodeValue(type, value, preference);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(TYPE_CODES[type], 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(ttlS, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name ?? asked), head, data]);
}

function encodeValue(type: RecordType, value: string, preference: number): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(value.split('.').map(Number));
    case 'AAAA':
      return Buffer.from(
        value
          .split(':')
          .map((part) => part.padStart(4, '0'))
          .join(''),
        'hex',
      );
    case 'TXT': {
      const pieces = value.match(/[\s\S]{1,255}/g) ?? [''];
      return Buffer.concat(pieces.flatMap((piece) => [Buffer.from([Buffer.byteLength(piece)]), Buffer.from(piece)]));
    }
    case 'MX':
      return Buffer.concat([Buffer.from([preference >> 8, preference & 0xff]), encodeName(value)]);
    case 'SOA':
      return Buffer.concat([encodeName(value), encodeName('hostmaster.example'), Buffer.alloc(20)]);
    default:
      return encodeName(value);
  }
}

function encodeName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]), Buffer.from([0])]);
}
