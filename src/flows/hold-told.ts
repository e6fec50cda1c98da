// This file is what the event of a hold says when a person or a file set or ended it.
import type { HoldEvent } from '../store/holds.ts';
import type { Suppression } from '../store/suppressions.ts';

/** The event without its id and type. */
export function holdTold(hold: Suppression, by: string, why?: string): Pick<HoldEvent, 'tenantId' | 'data'> {
  return {
    tenantId: hold.tenant_id,
    data: {
      hold_id: hold.id,
      address: hold.address,
      stream: hold.stream,
      class: hold.reason,
      source: hold.source,
      evidence: hold.evidence,
      recipient_id: hold.recipient_id,
      expires_at: hold.expires_at,
      ...(why === undefined ? {} : { why }),
      by,
    },
  };
}
