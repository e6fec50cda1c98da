// This file is one tenant: may it hand in mail, as whom, and where is everybody it wrote to?
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { useObjectId } from '../address.ts';
import type { Credential, Sender, SendingDomain, Tenant } from '../api/model.ts';
import { tenantQuery } from '../api/queries.ts';
import { ledgerQuery, tenantCredentialsQuery, tenantDomainsQuery, tenantSendersQuery } from '../api/sender-queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { LedgerBar } from '../desk/ledger-bar.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { notePlace } from '../frame/recent.ts';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { fullCounts } from '../states.ts';
import { frameWords } from '../words/frame.words.ts';
import { tenantWords } from '../words/tenant.words.ts';
import { pick, plain } from '../words/words.ts';

// The sentence and the whole stand first; tables and forms are loaded while they are read.
const CredentialTable = lazy(() => import('./credential-table.tsx').then((file) => ({ default: file.CredentialTable })));
const Domains = lazy(() => import('./tenant-domains.tsx').then((file) => ({ default: file.Domains })));
const Senders = lazy(() => import('./tenant-senders.tsx').then((file) => ({ default: file.Senders })));
const TenantMail = lazy(() => import('./tenant-mail.tsx').then((file) => ({ default: file.TenantMail })));
const TenantSettings = lazy(() => import('./tenant-settings.tsx').then((file) => ({ default: file.TenantSettings })));

export interface TenantData {
  readonly tenant: Tenant;
  readonly credentials: readonly Credential[];
  readonly domains: readonly SendingDomain[];
  readonly senders: readonly Sender[];
}

/** How does this sender stand, and what is missing? Worst first. */
export function logLine({ tenant, credentials, domains, senders }: TenantData, format: Pick<Format, 'lang'>): string {
  const say = pick(tenantWords, format.lang);
  const working = credentials.filter((credential) => credential.state === 'active').length;
  const usable = domains.filter((domain) => domain.state !== 'pending').length;
  const broken = domains.find((domain) => domain.state === 'broken');
  if (tenant.state === 'suspended') return say.linePaused;
  if (working === 0) return say.lineNoKey;
  if (usable + senders.length === 0) return say.lineNoSender;
  if (broken !== undefined) return say.lineBroken(plain(broken.name));
  return say.lineReady(working, usable);
}

export function OneTenant() {
  const words = useWords(tenantWords);
  const frame = useWords(frameWords);
  const format = useFormat();
  const now = useNow();
  const person = usePerson();
  const id = useObjectId();
  useEscapeBack(paths.tenants());
  const query = useQuery(tenantQuery(id));
  const credentials = useQuery(tenantCredentialsQuery(id));
  const domains = useQuery(tenantDomainsQuery(id));
  const senders = useQuery(tenantSendersQuery(id));
  const name = query.data?.name;
  useEffect(() => {
    if (name !== undefined) notePlace(name, paths.tenant(id));
  }, [name, id]);
  // The sentence speaks of all four, so it waits for all four.
  const whole = credentials.data !== undefined && domains.data !== undefined && senders.data !== undefined;
  const parts = { credentials: credentials.data?.data ?? [], domains: domains.data?.data ?? [], senders: senders.data?.data ?? [] };
  return (
    <AskedPage
      title={(tenant) => tenant.name}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={(tenant) => (
        <>
          <A href={paths.tenants()}>{frame.tenants}</A>
          <span className="any">{tenant.name}</span>
        </>
      )}
      line={(tenant) => logLine({ tenant, ...parts }, format)}
      lineWaits={!whole}
    >
      {(tenant) => (
        <>
          <p className="under">
            {tenant.name}. {words.under(format.day(Date.parse(tenant.created_at), now))}{' '}
            <A href={paths.messages({ tenant: tenant.id })}>{words.messages}</A>.
          </p>
          <WholeLedger tenant={tenant} />
          <Suspense fallback={null}>
            <Credentials tenant={tenant} query={credentials} />
            <Domains tenantId={id} query={domains} />
            <Senders tenantId={id} query={senders} />
            {person.role === 'viewer' ? null : <TenantMail tenantId={id} />}
            <TenantSettings key={`${tenant.name}${tenant.uncertain_policy}`} tenant={tenant} credentials={parts.credentials} />
          </Suspense>
        </>
      )}
    </AskedPage>
  );
}

function WholeLedger({ tenant }: { tenant: Tenant }) {
  const words = useWords(tenantWords);
  const format = useFormat();
  const { data, error, refetch } = useQuery(ledgerQuery(tenant.id));
  return (
    <Section id="ledger" title={words.ledger} question={words.ledgerQuestion}>
      {error === null ? null : <ErrorState error={error} what={words.ledger} onRetry={() => void refetch()} />}
      {data === undefined ? null : data.injected === 0 ? (
        <Empty title={words.ledgerNone} />
      ) : data.difference !== 0 ? (
        <p className="st danger">{words.ledgerOff(format.int(Math.abs(data.difference)))}</p>
      ) : (
        <div className="sheet pad">
          <LedgerBar
            counts={fullCounts(data.states)}
            total={data.injected}
            href={(state) => paths.messages({ tenant: tenant.id, state })}
          />
        </div>
      )}
    </Section>
  );
}

function Credentials({ tenant, query }: { tenant: Tenant; query: ReturnType<typeof useQuery<{ data: readonly Credential[] }>> }) {
  const words = useWords(tenantWords);
  const person = usePerson();
  const rows = query.data?.data ?? [];
  const make = mayMake('credential', person) ? (
    <A className="btn" href={paths.newCredential(tenant.id)}>
      {words.newCredential}
    </A>
  ) : undefined;
  return (
    <Section id="credentials" title={words.credentials} question={words.credentialsQuestion} actions={make}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.credentials} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : rows.length === 0 ? (
        <Empty title={words.noCredentials}>{words.noCredentialsHow}</Empty>
      ) : (
        <CredentialTable rows={rows} withTenant={false} />
      )}
    </Section>
  );
}
