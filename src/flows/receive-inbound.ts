// This file is an answer by mail at the inbound door: the signed return path says which recipient it is about, and the mail is stored raw before the door answers.
// Reading comes later (read-inbound.ts).
import type pg from 'pg';
import { readReturnPath } from '../delivery/return-path.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Batcher } from '../store/batcher.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import type { RawInbound } from '../store/webhook-intake.ts';

export interface ReturnPathToken {
  readonly tenantNumber: number;
  readonly recipientId: string;
}

export interface ReceiveInboundDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly returnPath: { readonly secretKeys: readonly Buffer[]; readonly host: string };
  readonly store: Batcher<RawInbound, undefined>;
  readonly stored: () => void;
}

/** The form in which the inbound door asks and stores. */
export interface InboundIntake {
  recognise(address: string): { readonly ok: true; readonly token: ReturnPathToken } | { readonly ok: false };
  /** Resolves when the mail is stored for every one of its recipients. */
  store(mail: {
    readonly mailFrom: string;
    readonly recipients: readonly { readonly address: string; readonly token: ReturnPathToken }[];
    readonly data: Buffer;
    readonly remoteAddress: string;
  }): Promise<void>;
}

export function makeInboundIntake(deps: ReceiveInboundDeps): InboundIntake {
  return {
    recognise(address) {
      const token = readReturnPath(address, deps.returnPath);
      return token ? { ok: true, token } : { ok: false };
    },
    async store(mail) {
      for (const { address, token } of mail.recipients) {
        const tenantId = await readTenantByNumber(deps.pool, token.tenantNumber);
        // The MAC was right, so it was ours once; its tenant is gone.
        if (tenantId === null) throw new AppError('RETURN_PATH_UNKNOWN', 'This return path is no longer in use.');
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
