// This file keeps the mail that arrived in simulated mailboxes: the newest few thousand, readable, in memory only.
import type { ProviderKind } from '../delivery/provider.ts';

export interface StoredMail {
  readonly address: string;
  readonly folder: 'inbox' | 'spam';
  /** When it arrived, milliseconds since 1970. */
  readonly atMs: number;
  readonly provider: ProviderKind;
  /** Envelope sender it came with. */
  readonly mailFrom: string;
  readonly subject: string;
  /** The whole mail as the mailbox holds it: Return-Path, Delivered-To and Received, then what the provider forwarded. */
  readonly raw: Buffer;
}

/** A mail before it is put together: trace headers apart, so that a crowd shares one body. */
export interface Arrival extends Omit<StoredMail, 'raw'> {
  readonly trace: string;
  readonly mime: Buffer;
}

export interface Mailboxes {
  put(arrival: Arrival): void;
  /** Mail of one address, oldest first; `+tag` and case count, because each tag is an address. */
  read(address: string): StoredMail[];
  readonly count: number;
}

/** Enough for any rehearsal that a person looks at; a load test forgets its oldest mail. */
const MAILS_MAX = 5_000;
const BYTES_MAX = 100 * 1024 * 1024;

/** Makes empty mailboxes. */
export function makeMailboxes(limits: { mailsMax: number; bytesMax: number } = { mailsMax: MAILS_MAX, bytesMax: BYTES_MAX }): Mailboxes {
  // Entries before `first` are gone; the array is cut when half of it is empty, so that putting stays cheap.
  let kept: Arrival[] = [];
  let first = 0;
  let bytes = 0;
  const forget = () => {
    bytes -= kept[first]?.mime.length ?? 0;
    first += 1;
    if (first * 2 > limits.mailsMax) {
      kept = kept.slice(first);
      first = 0;
    }
  };
  return {
    put(arrival) {
      kept.push(arrival);
      bytes += arrival.mime.length;
      while (kept.length - first > limits.mailsMax || (bytes > limits.bytesMax && kept.length - first > 1)) forget();
    },
    read(address) {
      const wanted = address.toLowerCase();
      return kept
        .slice(first)
        .filter((one) => one.address.toLowerCase() === wanted)
        .map(({ trace, mime, ...rest }) => ({ ...rest, raw: Buffer.concat([Buffer.from(trace), mime]) }));
    },
    get count() {
      return kept.length - first;
    },
  };
}
