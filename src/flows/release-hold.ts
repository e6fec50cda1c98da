// This file ends holds because a person decided so, remembers it against answers that come late, tells applications, and finds the mail that the
// hold had stopped.
import type pg from 'pg';
import { heedsDelivery, type Mark, mergeMarks } from '../feedback/marks.ts';
import { type IdMint, idFloor } from '../ids.ts';
import { writeHoldEvents } from '../store/holds.ts';
import { findStoppedMail, type StoppedMail } from '../store/stopped-mail.ts';
import { lockStrikes, writeStrikes } from '../store/strikes.ts';
import { deleteSuppression, type Suppression } from '../store/suppressions.ts';
import { holdTold } from './hold-told.ts';

export interface ReleaseDeps {
  readonly ids: IdMint;
  readonly nowMs: () => number;
}

const DAY_MS = 86_400_000;
/** Older mail is stale for its reader, however sorry the sender is. */
export const RESEND_DAYS_MAX = 30;
export const RESEND_DAYS_DEFAULT = 7;
/** Messages handed in again by one release: a person reads the list of them. */
const RESEND_MAX = 100;

/** Ends a hold in the caller's transaction; null when it was gone. Answers that come late and are older than this do not bring it back. */
export async function releaseHold(
  deps: ReleaseDeps,
  db: pg.PoolClient,
  hold: Suppression,
  person: { readonly why: string; readonly by: string },
): Promise<Suppression | null> {
  const { tenant_id: tenantId, address } = hold;
  // The same order as everywhere: first what counts against the address, then its holds.
  const [strikes] = hold.stream === 'transactional' ? [] : await lockStrikes(db, [{ tenantId, address, needed: true }]);
  const gone = await deleteSuppression(db, tenantId, hold.id);
  if (gone === null) return null;
  if (strikes) {
    const marks = mergeMarks(strikes.marks, [releaseMark(gone, deps.nowMs())]);
    await writeStrikes(db, [{ ...strikes, marks, heedsDelivery: heedsDelivery(marks), lookAgain: true }]);
  }
  await writeHoldEvents(db, [{ ...holdTold(gone, person.by, person.why), id: deps.ids.next(), type: 'hold.released' }]);
  return gone;
}

function releaseMark(hold: Suppression, atMs: number): Mark {
  const stream = hold.stream === 'bulk' ? 'bulk' : '';
  return { kind: 'released', id: hold.id, atMs, class: null, suppress: false, source: '', evidence: null, stream };
}

/** The mail that a hold stopped within some days, to be read in the transaction that ends it. */
export function mailStoppedBy(deps: ReleaseDeps, db: pg.PoolClient, hold: Suppression, days: number): Promise<StoppedMail[]> {
  const { tenant_id: tenantId, address, reason, stream } = hold;
  const sinceId = idFloor(deps.nowMs() - days * DAY_MS);
  return findStoppedMail(db, tenantId, { address, reason, stream, sinceId, limit: RESEND_MAX });
}
