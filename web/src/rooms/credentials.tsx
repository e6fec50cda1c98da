// This file is Credentials: who can hand us mail, with which rights, last used when?
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useSearch } from '../address.ts';
import type { Credential, Page } from '../api/model.ts';
import { credentialsQuery, revokedQuery, tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip } from '../desk/chips.tsx';
import { csvText, downloadCsv } from '../desk/csv.ts';
import { Empty } from '../desk/empty.tsx';
import { AskedPage } from '../desk/page.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { credentialsWords } from '../words/credentials.words.ts';
import { pick } from '../words/words.ts';

const CredentialTable = lazy(() => import('./credential-table.tsx').then((file) => ({ default: file.CredentialTable })));

/** Who can hand us mail, and is something lying about unused? */
export function logLine(page: Page<Credential>, format: Pick<Format, 'lang'>): string {
  const say = pick(credentialsWords, format.lang);
  const working = page.data.filter((credential) => credential.state === 'active');
  if (working.length === 0) return say.none;
  const unused = working.filter((credential) => credential.last_used_at === null).length;
  return unused === 0 ? say.line(working.length) : `${say.line(working.length)} ${say.unused(unused)}`;
}

export function Credentials() {
  const words = useWords(credentialsWords);
  const format = useFormat();
  const person = usePerson();
  const router = useRouter();
  const { tenant = '', kind = '', state = '' } = useSearch();
  const query = useQuery(credentialsQuery);
  const revoked = useQuery({ ...revokedQuery, enabled: state === 'revoked' });
  const tenants = useQuery({ ...tenantsQuery, enabled: !person.ofTenant });
  const names = new Map((tenants.data?.data ?? []).map((row) => [row.id, row.name]));
  const go = (filters: { tenant?: string; kind?: string; state?: string }) =>
    router.history.push(paths.credentials({ tenant, kind, state, ...filters }));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.credentials()} title={words.title} />}
      line={(page) => logLine(page, format)}
      above={
        <div className="btns bar">
          {person.ofTenant ? null : (
            <ChoiceChip label={words.tenant} value={tenant} options={[...names]} onChange={(value) => go({ tenant: value })} />
          )}
          <ChoiceChip
            label={words.kind}
            value={kind}
            options={[
              ['api_key', words.api_key],
              ['smtp', words.smtp],
              ['network', words.network],
            ]}
            onChange={(value) => go({ kind: value })}
          />
          <ChoiceChip
            label={words.state}
            value={state}
            options={[
              ['active', words.active],
              ['suspended', words.suspended],
              ['revoked', words.revoked],
            ]}
            onChange={(value) => go({ state: value })}
          />
          {mayMake('credential', person) ? (
            <A className="btn" href={paths.newCredential(tenant)}>
              {words.make}
            </A>
          ) : null}
        </div>
      }
    >
      {(page) => {
        const listed = state === 'revoked' ? (revoked.data?.data ?? []) : page.data;
        const rows = listed.filter((row) => fits(row.tenant_id, tenant) && fits(row.kind, kind) && fits(row.state, state));
        return (
          <div className="bar" id="list">
            {rows.length === 0 ? (
              <Empty title={page.data.length === 0 ? words.none : words.noneMatch}>{words.emptyHow}</Empty>
            ) : (
              <>
                <Suspense fallback={null}>
                  <CredentialTable rows={rows} withTenant={!person.ofTenant} tenants={names} />
                </Suspense>
                <TableFoot shown={rows.length} more={page.next !== null} onCsv={() => exportCredentials(rows)} keys={false} />
              </>
            )}
          </div>
        );
      }}
    </AskedPage>
  );
}

function fits(value: string | null, wanted: string): boolean {
  return wanted === '' || value === wanted;
}

function exportCredentials(rows: readonly Credential[]): void {
  const cells = rows.map((row) => [
    row.id,
    row.tenant_id,
    row.kind,
    row.name,
    row.handle,
    row.networks.join(' '),
    row.state,
    row.created_at,
    row.last_used_at,
  ]);
  downloadCsv(
    'credentials',
    csvText(['id', 'tenant_id', 'kind', 'name', 'handle', 'networks', 'state', 'created_at', 'last_used_at'], cells),
  );
}
