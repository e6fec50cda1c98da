// This file is what all connections of one server share: options, memory account, the count of sweeps, and whether it is closing.
import type { SmtpServerOptions } from './contract.ts';
import type { Phrases } from './phrases.ts';
import type { HeldBytes } from './syntax/kept-message.ts';

export interface Switchboard<State, Member> {
  readonly options: SmtpServerOptions<State>;
  readonly phrases: Phrases;
  readonly account: HeldBytes;
  /** Time between two sweeps, milliseconds. */
  readonly sweepMs: number;
  /** Sweeps so far. Connections keep time in sweeps: reading a clock for every chunk would cost more than parsing it. */
  sweeps: number;
  closing: boolean;
  /** The socket of a connection is gone. */
  gone(member: Member): void;
}
