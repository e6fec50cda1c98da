// This file is what both doors hand to the flow behind them, and what they get back.
import type { RecipientState, Stream } from '../delivery/states.ts';

export interface Submission {
  readonly tenantId: string;
  readonly credentialId: string | null;
  /** What the message itself asks for (X-Packetboat-Stream) wins over this. */
  readonly stream: Stream;
  /** RFC 5322 bytes with CR LF line ends. */
  readonly raw: Buffer;
  /** Fields that the door puts in front (Received); no part of what an idempotency key compares. */
  readonly trace?: Buffer;
  /** Envelope sender of the application, '' for the null sender. */
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly sendAtMs: number | null;
  readonly idempotency: { readonly key: string; readonly bodyHash: Buffer } | null;
}

export interface Accepted {
  readonly id: string;
  readonly recipients: { readonly id: string; readonly address: string; readonly state: RecipientState }[];
  /** True when this answer was given before to the same idempotency key. */
  readonly repeated: boolean;
}

export type AcceptMessage = (submission: Submission) => Promise<Accepted>;
