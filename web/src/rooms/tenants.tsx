// This file is Tenants: who hands us mail, and who is paused.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSearch } from '../address.ts';
import type { Page, Tenant } from '../api/model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip } from '../desk/chips.tsx';
import type { Column } from '../desk/column.ts';
import { csvText, downloadCsv } from '../desk/csv.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { AskedPage } from '../desk/page.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { tenantsWords } from '../words/tenants.words.ts';
import { pick } from '../words/words.ts';

/** How many senders are there, and does one of them stand still? */
export function logLine(page: Page<Tenant>, format: Pick<Format, 'lang' | 'int'>): string {
  const say = pick(tenantsWords, format.lang);
  const count = page.data.length;
  if (count === 0) return say.none;
  const suspended = page.data.filter((tenant) => tenant.state === 'suspended').length;
  const all = page.next === null ? say.line(count) : say.lineMore(format.int(count));
  return suspended === 0 ? all : `${all} ${say.suspended(suspended)}`;
}

export function Tenants() {
  const words = useWords(tenantsWords);
  const format = useFormat();
  const person = usePerson();
  const router = useRouter();
  const { state = '', sort = '' } = useSearch();
  const query = useQuery(tenantsQuery);
  const columns = useColumns();
  const go = (filters: { state?: string; sort?: string }) => router.history.push(paths.tenants({ state, sort, ...filters }));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.tenants()} title={words.title} />}
      line={(page) => logLine(page, format)}
      above={
        <div className="btns bar">
          <ChoiceChip
            label={words.filterState}
            value={state}
            options={[
              ['active', words.active],
              ['suspended', words.paused],
            ]}
            onChange={(value) => go({ state: value })}
          />
          {mayMake('tenant', person) ? (
            <A className="btn" href={paths.newTenant()}>
              {words.add}
            </A>
          ) : null}
        </div>
      }
    >
      {(page) => {
        const rows = state === '' ? page.data : page.data.filter((tenant) => tenant.state === state);
        if (rows.length === 0) {
          return (
            <div className="bar">
              <Empty
                title={state === '' ? words.none : words.noMatch}
                actions={
                  state === '' ? undefined : (
                    <A className="btn" href={paths.tenants()}>
                      {words.clear}
                    </A>
                  )
                }
              >
                {words.noneHow}
              </Empty>
            </div>
          );
        }
        return (
          <div className="bar">
            <div className="sheet">
              <DataTable
                caption={words.caption}
                rows={rows}
                columns={columns}
                rowId={(tenant) => tenant.id}
                rowHref={(tenant) => paths.tenant(tenant.id)}
                sort={sort}
                onSort={(next) => go({ sort: next })}
                bad={(tenant) => tenant.state === 'suspended'}
              />
            </div>
            <TableFoot shown={rows.length} more={page.next !== null} onCsv={() => exportTenants(rows)} />
          </div>
        );
      }}
    </AskedPage>
  );
}

function useColumns(): Column<Tenant>[] {
  const words = useWords(tenantsWords);
  return useMemo(
    () => [
      { id: 'name', head: words.name, cell: (tenant) => tenant.name, sort: (tenant) => tenant.name.toLowerCase() },
      {
        id: 'state',
        head: words.state,
        cell: (tenant) => (
          <span className={tenant.state === 'active' ? 'mute' : ''}>{tenant.state === 'active' ? words.active : words.paused}</span>
        ),
        sort: (tenant) => tenant.state,
        filter: (tenant) => paths.tenants({ state: tenant.state }),
        fine: (tenant) => tenant.state === 'active',
      },
      {
        id: 'uncertain',
        head: words.uncertain,
        cell: (tenant) => <span className="mute">{tenant.uncertain_policy === null ? words.house : words[tenant.uncertain_policy]}</span>,
        fine: (tenant) => tenant.uncertain_policy === null,
      },
      { id: 'since', head: words.since, cell: (tenant) => <Time at={tenant.created_at} />, sort: (tenant) => tenant.created_at },
    ],
    [words],
  );
}

function exportTenants(rows: readonly Tenant[]): void {
  const cells = rows.map((tenant) => [tenant.id, tenant.name, tenant.state, tenant.uncertain_policy, tenant.created_at]);
  downloadCsv('tenants', csvText(['id', 'name', 'state', 'uncertain_policy', 'created_at'], cells));
}
