// This file tells the contact of an organisation by mail when its domain is ready, about to break, broken or repaired. The mail is queued in the
// transaction that changed the domain, so it is told exactly when it is so.
import type pg from 'pg';
import type { IdMint } from '../ids.ts';
import type { Keys } from '../store/keys.ts';
import { queueSystemMail } from '../store/system-mails.ts';
import { findTenant } from '../store/tenants.ts';
import { mistakeWords } from '../tenancy/dns/mistakes.ts';
import { type ContactMailKind, contactMail } from '../tenancy/onboarding/contact-words.ts';
import type { DomainChange } from './check-domain.ts';

/** Makes the `tell` of a look at domains. Organisations without a contact are told by events alone. */
export function makeTellContact(deps: { readonly keys: Keys; readonly ids: IdMint }) {
  return async (db: pg.PoolClient, change: DomainChange): Promise<void> => {
    const { domain, after } = change;
    const kind = kindOf(change);
    const tenant = kind && (await findTenant(db, domain.tenant_id, domain.tenant_id));
    if (!kind || !tenant?.contact_email) return;
    const told = kind === 'warning' || kind === 'broken' ? change.wrong.filter(({ record }) => record.needed === 'required') : [];
    const records = told.map(({ record: { type, host, value }, sight: { mistake } }) => ({
      ...{ type, host, value },
      mistake: mistake && mistakeWords(mistake.code, mistake.facts, tenant.language),
    }));
    const mail = contactMail(kind, { domain: domain.name, breaksAtMs: after.breaksAtMs, records }, tenant.language);
    await queueSystemMail(db, deps.keys, {
      id: deps.ids.next(),
      tenantId: domain.tenant_id,
      kind: `domain-${kind}`,
      to: tenant.contact_email,
      ...mail,
      html: null,
    });
  };
}

/** A lost extra is told by an event; a mail is for what breaks, and for its end. */
function kindOf({ domain, type, after }: DomainChange): ContactMailKind | null {
  if (type === 'domain.broken') return 'broken';
  if (after.breaksAtMs !== null) return 'warning';
  if (domain.state === 'broken' || domain.breaks_at !== null) return 'repaired';
  return type === 'domain.verified' && domain.state === 'pending' ? 'verified' : null;
}
