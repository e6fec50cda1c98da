// This file says what a load and a sink are, whoever makes them.

export interface Sink {
  readonly pid: number;
  readonly port: number;
  /** Messages taken since it started. */
  taken(): number;
  stop(): Promise<void>;
}

export interface Load {
  readonly port: number;
  readonly messages: number;
  readonly sessions: number;
  /** Payload of each message, without its headers. */
  readonly bytes: number;
  /** Stay connected over messages; else a new connection for each. */
  readonly kept: boolean;
  readonly from: string;
  readonly to: string;
  /** A number before each recipient, so that no two are the same. */
  readonly distinct: boolean;
}
