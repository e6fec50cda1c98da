// This file finds the organisation in whose name the desk writes mail of its own: the platform's. It is made when the first such mail leaves, with the domain of
// PACKETBOAT_SYSTEM_FROM, and is an organisation like any other: its mail is routed, signed, counted and shown.
import type pg from 'pg';
import type { IdMint } from '../ids.ts';
import { parseMailbox } from '../mail/address-list.ts';
import { isFreeMailboxDomain } from '../mail/free-mailbox.ts';
import { createDomain, makeDkimKey } from '../store/domains.ts';
import type { Keys } from '../store/keys.ts';
import { createSender } from '../store/senders.ts';
import { alone, readSetting, writeSetting } from '../store/settings.ts';
import { createTenant, findTenant } from '../store/tenants.ts';
import { domainOf, senderKey } from '../tenancy/may-send.ts';
import type { SendingRights } from './sending-rights.ts';

export interface SystemSenderDeps {
  readonly pool: pg.Pool;
  readonly keys: Keys;
  readonly ids: IdMint;
  readonly rights: Pick<SendingRights, 'check' | 'forget'>;
  /** Mailbox in From of the desk's own mail. */
  readonly from: string;
}

const MARK = 'system_tenant';
const NAME = 'Mail of the desk';

/** Makes the look-up of the organisation's id; what it lacks to send as the address is made. */
export function makeSystemSender(deps: SystemSenderDeps): () => Promise<string> {
  const { pool, keys, ids, rights } = deps;
  let known: string | null = null;

  async function find(): Promise<string | null> {
    const mark = await readSetting<{ tenantId: string }>(pool, MARK);
    return mark && (await findTenant(pool, null, mark.tenantId)) ? mark.tenantId : null;
  }

  async function make(): Promise<string> {
    const parsed = parseMailbox(deps.from);
    if (!parsed.ok) throw parsed.error;
    const { address } = parsed.value;
    const tenantId = (await find()) ?? (await createTenant(pool, { id: ids.next(), name: NAME })).id;
    await writeSetting(pool, MARK, { tenantId });
    if ((await rights.check(tenantId, address)).allowed) return tenantId;
    const name = domainOf(address);
    if (isFreeMailboxDomain(name)) await createSender(pool, tenantId, { id: ids.next(), address: senderKey(address), verified: true });
    else {
      // The operator vouches for it by the setting; its records make it authenticated like any domain.
      const domain = { id: ids.next(), keyId: ids.next(), name, authenticated: false, state: 'warning' as const, key: await makeDkimKey() };
      await createDomain(pool, tenantId, keys, domain);
    }
    rights.forget(tenantId);
    return tenantId;
  }

  return async () => {
    known ??= await alone(pool, MARK, make);
    return known;
  };
}
