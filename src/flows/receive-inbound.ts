// This file is a mail at the inbound door: a signed return path says which recipient it is about, a reporting address for whose domain it is, a From that was written anew
// whom it answers, postmaster and abuse that it is for people of the platform; and the mail is stored raw before the door answers. Reading comes later (read-inbound.ts).
import type pg from 'pg';
import { readReportAddress } from '../delivery/report-address.ts';
import { readReturnPath } from '../delivery/return-path.ts';
import { AppError } from '../errors.ts';
import type { IdMint } from '../ids.ts';
import type { Log } from '../log.ts';
import { roleHost } from '../mail/role-address.ts';
import type { Batcher } from '../store/batcher.ts';
import { isReturnPathHost } from '../store/domain-checks.ts';
import { findRewritten } from '../store/rewriting.ts';
import { readTenantByNumber } from '../store/tenant-numbers.ts';
import type { RawInbound } from '../store/webhook-intake.ts';
import { readRewritten } from '../tenancy/rewriting.ts';

export interface InboundToken {
  /** Null: it is for the people of the platform. */
  readonly tenantNumber: number | null;
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
  /** Names of this desk, in lower case, whose postmaster it is. */
  readonly hosts: ReadonlySet<string>;
  readonly log: Log;
  readonly store: Batcher<RawInbound, undefined>;
  readonly stored: () => void;
}

export type Recognised = { readonly ok: true; readonly token: InboundToken } | { readonly ok: false };

/** The form in which the inbound door asks and stores. */
export interface InboundIntake {
  /** Computed, but for addresses below the rewriting domain and at hosts of sending domains, which are looked up. */
  recognise(address: string): Recognised | Promise<Recognised>;
  /** Resolves when the mail is stored for every one of its recipients. */
  store(mail: {
    readonly mailFrom: string;
    readonly recipients: readonly { readonly address: string; readonly token: InboundToken }[];
    readonly data: Buffer;
    readonly remoteAddress: string;
  }): Promise<void>;
}

const FOR_OPERATORS: Recognised = { ok: true, token: { tenantNumber: null, recipientId: null } };
const UNKNOWN: Recognised = { ok: false };

export function makeInboundIntake(deps: ReceiveInboundDeps): InboundIntake {
  /** Every host that takes mail has a postmaster; what comes there is stored for people and never goes on by itself. */
  function role(address: string): Recognised | Promise<Recognised> {
    const host = roleHost(address);
    if (host === null) return UNKNOWN;
    const ours = host === '' || deps.hosts.has(host) || (deps.rewriteDomain !== null && host.endsWith(`.${deps.rewriteDomain}`));
    if (ours) return FOR_OPERATORS;
    return isReturnPathHost(deps.pool, host).then((found) => (found ? FOR_OPERATORS : UNKNOWN));
  }

  return {
    recognise(address) {
      const token = readReturnPath(address, deps.returnPath);
      if (token) return { ok: true, token };
      const rewritten = deps.rewriteDomain === null ? null : readRewritten(address, deps.rewriteDomain);
      if (rewritten) {
        return findRewritten(deps.pool, rewritten).then((found) =>
          found ? { ok: true, token: { tenantNumber: found.tenantNumber, recipientId: null } } : role(address),
        );
      }
      const report = readReportAddress(address, deps.reportAddresses);
      return report ? { ok: true, token: { tenantNumber: report.tenantNumber, recipientId: null } } : role(address);
    },
    async store(mail) {
      for (const { address, token } of mail.recipients) {
        const tenantId = token.tenantNumber === null ? null : await readTenantByNumber(deps.pool, token.tenantNumber);
        // The MAC was right, so it was ours once; its tenant is gone.
        if (tenantId === null && token.tenantNumber !== null)
          throw new AppError('RETURN_PATH_UNKNOWN', 'This address is no longer in use.');
        const id = deps.ids.next();
        await deps.store.submit({
          id,
          tenantId,
          recipientId: token.recipientId,
          mailFrom: mail.mailFrom,
          rcptTo: address,
          remoteAddress: mail.remoteAddress,
          raw: mail.data,
        });
        if (tenantId === null) deps.log.info({ event: 'mail_for_operators', mail: id });
      }
      deps.stored();
    },
  };
}
