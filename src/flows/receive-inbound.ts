// This file is a mail at the inbound door: a signed return path says which recipient it is about, a reporting address for whose domain it is, and the mail is stored raw
// before the door answers. Reading comes later (read-inbound.ts).
import type pg from 'pg';
import { readReportAddress } from '../delivery/report-address.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Batcher } from '../store/batcher.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import type { RawInbound } from '../store/webhook-intake.ts';

export interface InboundToken {
  readonly tenantNumber: number;
  /** Null: a reporting address, which is about no recipient. */
  readonly recipientId: string | null;
}

export interface ReceiveInboundDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly reportAddresses: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly store: Batcher<RawInbound, undefined>;
  readonly stored: () => void;
}

/** The form in which the inbound door asks and stores. */
export interface InboundIntake {
  recognise(address: string): { readonly ok: true; readonly token: InboundToken } | { readonly ok: false };
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
