// This file is a mail at the inbound door: a signed return path says which recipient it is about, a reporting address for whose domain it is, a From that was written anew
// whom it answers; and the mail is stored raw before the door answers. Reading comes later (read-inbound.ts).
import type pg from 'pg';
import { readReportAddress } from '../delivery/report-address.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Batcher } from '../store/batcher.ts';
import { findRewritten } from '../store/rewriting.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import type { RawInbound } from '../store/webhook-intake.ts';
import { readRewritten } from '../tenancy/rewriting.ts';

export interface InboundToken {
  readonly tenantNumber: number;
  /** Null: a reporting address, or an answer to a From that was written anew; they are about no recipient. */
  readonly recipientId: string | null;
}

export interface ReceiveInboundDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly reportAddresses: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  /** Below it From is written anew; null: this desk has none. */
  readonly rewriteDomain: string | null;
  readonly store: Batcher<RawInbound, undefined>;
  readonly stored: () => void;
}

export type Recognised = { readonly ok: true; readonly token: InboundToken } | { readonly ok: false };

/** The form in which the inbound door asks and stores. */
export interface InboundIntake {
  /** Computed, but for addresses below the rewriting domain, which are looked up. */
  recognise(address: string): Recognised | Promise<Recognised>;
  /** Resolves when the mail is stored for every one of its recipients. */
  store(mail: {
    readonly mailFrom: string;
    readonly recipients: readonly { readonly address: string; readonly token: InboundToken }[];
    readonly data: Buffer;
    readonly remoteAddress: string;
  }): Promise<void>;
}

export function makeInboundIntake(deps: ReceiveInboundDeps): InboundIntake {
  return {
    recognise(address) {
      const token = readReturnPath(address, deps.returnPath);
      if (token) return { ok: true, token };
      const rewritten = deps.rewriteDomain === null ? null : readRewritten(address, deps.rewriteDomain);
      if (rewritten) {
        return findRewritten(deps.pool, rewritten).then(
          (found): Recognised => (found ? { ok: true, token: { tenantNumber: found.tenantNumber, recipientId: null } } : { ok: false }),
        );
      }
      const report = readReportAddress(address, deps.reportAddresses);
      return report ? { ok: true, token: { tenantNumber: report.tenantNumber, recipientId: null } } : { ok: false };
    },
    async store(mail) {
      for (const { address, token } of mail.recipients) {
        const tenantId = await readTenantByNumber(deps.pool, token.tenantNumber);
        // The MAC was right, so it was ours once; its tenant is gone.
        if (tenantId === null) throw new AppError('RETURN_PATH_UNKNOWN', 'This address is no longer in use.');
        await deps.store.submit({
          id: deps.ids.next(),
          tenantId,
          recipientId: token.recipientId,
          mailFrom: mail.mailFrom,
          rcptTo: address,
          remoteAddress: mail.remoteAddress,
          raw: mail.data,
        });
      }
      deps.stored();
    },
  };
}
