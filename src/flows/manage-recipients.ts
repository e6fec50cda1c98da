// This file does what people ask of single messages: call one back that has not left, release one that is held.
import type pg from 'pg';
import type { RecipientState } from '../delivery/states.ts';
import { movesOf } from '../delivery/transition.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import { cancelRecipients, recipientLane, releaseRecipient } from '../store/manage-recipients.ts';
import { withTenant } from '../store/scope.ts';
import type { LaneDirectory } from './lane-directory.ts';
import type { RewritingDomain } from './rewriting-domain.ts';
import type { RoutingTable } from './routing-table.ts';

export interface ManageRecipientsDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly lanes: Pick<LaneDirectory, 'load' | 'ensure'>;
  readonly routing: Pick<RoutingTable, 'openRoute'>;
  readonly poke: (laneId: number) => void;
  /** Places of a tenant's day for mail whose From is written anew; null: this desk writes none. */
  readonly rewriting: Pick<RewritingDomain, 'take' | 'giveBack'> | null;
}

const CANCELLABLE = movesOf('cancelled').map((move) => move.from);
const RELEASABLE = movesOf('released').map((move) => move.from);

export interface ManageRecipients {
  /** Throws NOT_FOUND. Recipients that left already stay as they are. */
  cancel(tenantId: string, messageId: string, actor: string): Promise<{ cancelled: number; unchanged: number }>;
  /**
   * Throws NOT_FOUND, STATE_FORBIDS when it is not held, REWRITING_CAP_REACHED when it waits for a place of the day and there is none. The route is
   * decided anew when it is claimed; before its send_at it is scheduled.
   */
  release(tenantId: string, recipientId: string, actor: string): Promise<{ state: RecipientState }>;
}

export function makeManageRecipients(deps: ManageRecipientsDeps): ManageRecipients {
  /** A recipient that was held because no account could carry it stands in a lane without a route; it needs one to be claimed from. */
  async function laneWithRoute(tenantId: string, laneId: number): Promise<number | null> {
    const [lane] = await deps.lanes.load([laneId]);
    if (!lane || lane.routeId !== null) return null;
    const routeId = deps.routing.openRoute(tenantId, lane.stream);
    if (routeId === null) return null;
    return (await deps.lanes.ensure({ tenantId, stream: lane.stream, mailboxProvider: lane.mailboxProvider, routeId })).id;
  }

  return {
    async cancel(tenantId, messageId, actor) {
      const eventIds = (count: number) => Array.from({ length: count }, () => deps.ids.next());
      const done = await withTenant(deps.pool, tenantId, (db) =>
        cancelRecipients(db, tenantId, messageId, { from: CANCELLABLE, actor, eventIds }),
      );
      if (!done) throw new AppError('NOT_FOUND', 'There is no message with this id.');
      return done;
    },
    async release(tenantId, recipientId, actor) {
      const found = await recipientLane(deps.pool, tenantId, recipientId);
      // A person may decide about a message, but not about the number that the operator set.
      const place = found?.state === 'held' && found.reason === 'rewriting-cap';
      if (place) await deps.rewriting?.take(tenantId, 1);
      const laneId = found && (await laneWithRoute(tenantId, found.laneId));
      const done = await withTenant(deps.pool, tenantId, (db) =>
        releaseRecipient(db, tenantId, recipientId, { from: RELEASABLE, actor, eventId: deps.ids.next(), laneId }),
      );
      if (place && (!done || 'state' in done)) deps.rewriting?.giveBack(tenantId, 1);
      if (!done) throw new AppError('NOT_FOUND', 'There is no recipient with this id.');
      if ('state' in done) throw new AppError('STATE_FORBIDS', `The recipient is ${done.state}; only a held one can be released.`);
      deps.poke(done.laneId);
      return { state: done.released };
    },
  };
}
