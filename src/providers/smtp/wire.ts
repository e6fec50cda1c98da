// This file is the line itself: one TCP or TLS socket to a smarthost, read in place and written with as few calls as possible. It knows
// replies and deadlines, but no transactions.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ReplyReader } from './reply.ts';

/** One read; replies are short, and what does not fit comes with the next read. */
const READ_BYTES = 8192;
/** Bodies up to this size are copied next to the commands that follow them and leave in one write; above it the copy costs more than a call. */
export const JOINED_BODY_MAX_BYTES = 65_536;
/** Room for the end of the body and the opening commands of the next transaction: two paths of 512 bytes, each perhaps twice and in xtext. */
const JOINED_ROOM_BYTES = JOINED_BODY_MAX_BYTES + 16_384;
/** One write of a large body: the "block" whose time RFC 5321 §4.5.3.2.5 limits. */
const SLICE_BYTES = 262_144;
/** A peer that vanished without a word is noticed by TCP itself. */
const KEEP_ALIVE_MS = 30_000;

export interface WireTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: 'none' | 'starttls' | 'implicit';
  readonly verifyCertificate: boolean;
  readonly ca: string | undefined;
}

/** What the wires of one pool share. */
export interface WireShared {
  /** Copy room; free again as soon as a write has been taken whole by the kernel. */
  scratch: Buffer;
  /** Latest TLS session, so that the next handshake is short. */
  tlsSession: Buffer | undefined;
}

export function wireShared(): WireShared {
  return { scratch: Buffer.allocUnsafeSlow(JOINED_ROOM_BYTES), tlsSession: undefined };
}

export class Wire {
  readonly reader = new ReplyReader();
  /** Called after bytes came in; the reader must be emptied before it returns. */
  onReadable: () => void = () => {};
  /** Called once, when nothing more will come or go. */
  onLost: (why: string) => void = () => {};
  /** Monotonic milliseconds after which the owner's sweep looks at this wire. */
  deadlineMs = Number.POSITIVE_INFINITY;
  /** TCP, and with implicit TLS the handshake too, is done: null; else why not. */
  readonly opened: Promise<string | null>;
  #socket: Socket;
  #lost: string | null = null;
  #settleOpened: (why: string | null) => void = () => {};
  readonly #target: WireTarget;
  readonly #shared: WireShared;

  constructor(target: WireTarget, shared: WireShared) {
    this.#target = target;
    this.#shared = shared;
    const { host, port } = target;
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length: number, buffer: Uint8Array) => {
        // Node hands back the very Buffer given above; its type only says Uint8Array.
        this.#take(buffer as Buffer, length);
        return true;
      },
    };
    this.opened = new Promise((resolve) => {
      this.#settleOpened = resolve;
    });
    if (target.tls === 'implicit') {
      // Documented for tls.connect, though the types of Node do not know it there.
      const options = { ...this.#tlsOptions(), host, port, onread };
      const socket = connectTls(options);
      this.#socket = socket;
      this.#listen(socket);
      this.#keepSession(socket);
      socket.once('secureConnect', () => this.#settleOpened(null));
    } else {
      // A socket that is to be wrapped by STARTTLS later must read the ordinary way.
      this.#socket = connectTcp(target.tls === 'starttls' ? { host, port } : { host, port, onread });
      if (target.tls === 'starttls') this.#readChunks(this.#socket);
      this.#listen(this.#socket);
      this.#socket.once('connect', () => this.#settleOpened(null));
    }
    this.#socket.setNoDelay(true);
    this.#socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }

  /** Why the wire is gone, or null while it stands. */
  get lost(): string | null {
    return this.#lost;
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '127.0.0.1';
  }

  writeText(text: string, utf8: boolean): void {
    if (this.#lost === null) this.#socket.write(text, utf8 ? 'utf8' : 'latin1');
  }

  /** Writes `body` and `rest` with one call to the kernel; `body` has at most JOINED_BODY_MAX_BYTES. */
  writeJoined(body: Buffer, rest: string, utf8: boolean): void {
    if (this.#lost !== null) return;
    const shared = this.#shared;
    body.copy(shared.scratch);
    const length = body.length + shared.scratch.write(rest, body.length, utf8 ? 'utf8' : 'latin1');
    this.#socket.write(shared.scratch.subarray(0, length));
    // Still queued: the bytes belong to the socket now, so the next write needs other room.
    if (this.#socket.writableLength > 0) shared.scratch = Buffer.allocUnsafeSlow(JOINED_ROOM_BYTES);
  }

  /** Writes a large body in slices. `wrote` is called each time the kernel has taken one, `done` after the last; neither after a loss. */
  writeLarge(body: Buffer, wrote: () => void, done: () => void): void {
    let at = 0;
    const next = (error?: Error | null) => {
      if (error || this.#lost !== null) return;
      wrote();
      if (at >= body.length) return done();
      const slice = body.subarray(at, at + SLICE_BYTES);
      at += slice.length;
      this.#socket.write(slice, next);
    };
    next();
  }

  /** Says that nothing more will be written. */
  end(): void {
    this.#socket.end();
  }

  /** Cuts the line; `onLost` hears `why`. */
  lose(why: string): void {
    if (this.#lost !== null) return;
    this.#lost = why;
    this.#socket.destroy();
    this.#settleOpened(why);
    this.onLost(why);
  }

  /** After the 220 to STARTTLS: wraps the line in TLS. What was said in clear and not yet read is forgotten. Null, or why it failed. */
  upgrade(): Promise<string | null> {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.removeAllListeners('end');
    this.reader.reset();
    return new Promise((resolve) => {
      if (this.#lost !== null) return resolve(this.#lost);
      this.#settleOpened = resolve;
      const socket = connectTls({ ...this.#tlsOptions(), host: this.#target.host, socket: plain });
      this.#socket = socket;
      this.#readChunks(socket);
      this.#listen(socket);
      this.#keepSession(socket);
      socket.once('secureConnect', () => resolve(null));
    });
  }

  #listen(socket: Socket): void {
    socket.on('error', (error) => this.lose(error.message));
    socket.on('end', () => this.lose('The server closed the connection.'));
    socket.on('close', () => this.lose('The connection was closed.'));
  }

  #readChunks(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => this.#take(chunk, chunk.length));
  }

  #take(chunk: Buffer, length: number): void {
    if (this.#lost !== null) return;
    this.reader.feed(chunk, length);
    this.onReadable();
  }

  #keepSession(socket: TLSSocket): void {
    socket.on('session', (session) => {
      this.#shared.tlsSession = session;
    });
  }

  #tlsOptions() {
    const { host, verifyCertificate, ca } = this.#target;
    return {
      rejectUnauthorized: verifyCertificate,
      minVersion: 'TLSv1.2' as const,
      // RFC 6066 §3: an address is no server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(this.#shared.tlsSession === undefined ? {} : { session: this.#shared.tlsSession }),
    };
  }
}
