// This file is what the dispatch role is handed by the desk.
import type { Clock } from '../../clock.ts';
import type { ProviderAdapter, ProviderKind } from '../../delivery/provider.ts';
import type { RetryLadder } from '../../delivery/retry.ts';
import type { Stream } from '../../delivery/states.ts';
import type { OwnRules } from '../../feedback/own-rules.ts';
import type { DeliverDeps } from '../../flows/deliver.ts';
import type { HoldPolicies } from '../../flows/hold-policies.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import type { KeyFence } from '../../flows/key-fence.ts';
import type { RewritingDomain } from '../../flows/rewriting-domain.ts';
import type { SendingRights } from '../../flows/sending-rights.ts';
import type { IdMint } from '../../ids.ts';
import type { Log } from '../../log.ts';
import type { Db } from '../../store/db.ts';
import type { Keys } from '../../store/keys.ts';

export interface DispatchOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly random: () => number;
  readonly keys: Keys;
  readonly registry: ReadonlyMap<ProviderKind, ProviderAdapter>;
  readonly rights: SendingRights;
  /** Keys that were taken away sign nothing more. */
  readonly fence: KeyFence;
  readonly policies: HoldPolicies;
  readonly mailboxProvider: (domain: string) => string;
  readonly node: {
    readonly name: string;
    readonly pid: number;
    readonly roles: readonly string[];
    readonly isRunning: (pid: number) => boolean;
  };
  /** Null: this desk writes no From anew. */
  readonly rewriting: RewritingDomain | null;
  readonly returnPathHost: string;
  readonly platform: string;
  readonly limits: { readonly messageBytesMax: number; readonly recipientsMax: number };
  readonly retentionDays: number;
  readonly uncertain: { readonly policy: 'resend' | 'hold'; readonly waitMs?: Readonly<Record<Stream, number>> };
  readonly ladders?: Readonly<Record<Stream, RetryLadder>>;
  readonly measure?: DeliverDeps['measure'];
  /** The operator's own rules for answers, as they stand now. */
  readonly ownRules: () => OwnRules;
  /** Whether this process hands mail over, and whether it keeps house. Doors alone do neither. */
  readonly does: { readonly dispatch: boolean; readonly jobs: boolean };
  /** Tells other processes that a lane has work; only a hint. */
  readonly hint: (laneId: number) => void;
  /** Further chores of the composition root. */
  readonly chores?: readonly Chore[];
}
