// This file lists sending domains with their states and how many records are not right; below it one more is added.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Page } from '../api/model.ts';
import type { Domain } from '../api/schema.gen.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { Pages } from '../desk/pages.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { type DomainFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { domainWords } from '../words/domains.words.ts';
import { AddDomain } from './add-domain.tsx';
import { DomainState } from './domain-state.tsx';
import { wrongRecords } from './domains.log.ts';

interface DomainTableProps {
  readonly page: Page<Domain>;
  readonly filters: DomainFilters;
}

export function DomainTable({ page, filters }: DomainTableProps) {
  const words = useWords(domainWords);
  const { role } = usePerson();
  const filtered = Object.keys(filters).length > 0;
  return (
    <div className="bar stack" id="list">
      {page.data.length === 0 ? (
        <Empty title={filtered ? words.noMatch : words.none}>{filtered ? words.noMatchHow : words.noneHow}</Empty>
      ) : (
        <Rows page={page} filters={filters} />
      )}
      {role === 'viewer' ? null : (
        <details open={page.data.length === 0 && !filtered}>
          <summary>{words.add}</summary>
          <AddDomain tenantId={filters.tenant ?? null} />
        </details>
      )}
    </div>
  );
}

function Rows({ page, filters }: DomainTableProps) {
  const words = useWords(domainWords);
  const columns = useColumns(filters);
  const { after: _, ...base } = filters;
  return (
    <div>
      <div className="sheet">
        <DataTable
          caption={words.caption}
          rows={page.data}
          columns={columns}
          rowId={(domain) => domain.id}
          rowHref={(domain) => paths.domain(domain.id)}
          bad={(domain) => domain.state === 'broken' || domain.breaks_at !== null}
        />
      </div>
      <TableFoot
        shown={page.data.length}
        more={page.next !== null || filters.after !== undefined}
        pages={
          <Pages
            first={filters.after === undefined ? null : paths.domains(base)}
            next={page.next === null ? null : paths.domains({ ...base, after: page.next })}
          />
        }
      />
    </div>
  );
}

function useColumns(filters: DomainFilters): Column<Domain>[] {
  const words = useWords(domainWords);
  const format = useFormat();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant }).data;
  return useMemo(() => {
    const { after: _, ...base } = filters;
    const names = new Map((tenants?.data ?? []).map((tenant) => [tenant.id, tenant.name]));
    const tenant: Column<Domain> = {
      id: 'tenant',
      head: words.tenant,
      cell: (domain) => names.get(domain.tenant_id) ?? '',
      filter: (domain) => paths.domains({ ...base, tenant: domain.tenant_id }),
    };
    return [
      { id: 'name', head: words.name, cell: (domain) => domain.name },
      {
        id: 'state',
        head: words.state,
        cell: (domain) => <DomainState state={domain.state} />,
        filter: (domain) => paths.domains({ ...base, state: domain.state }),
      },
      {
        id: 'records',
        head: words.records,
        cell: (domain) => {
          if (domain.checked_at === null) return <span className="mute">{words.notSeen}</span>;
          const wrong = wrongRecords(domain).length;
          const all = domain.records.filter((record) => record.needed !== 'optional').length;
          return wrong === 0 ? <span className="mute">{words.allRight}</span> : words.wrongOf(format.int(wrong), format.int(all));
        },
      },
      ...(ofTenant ? [] : [tenant]),
      { id: 'since', head: words.since, cell: (domain) => <Time at={domain.state_since} /> },
      {
        id: 'checked',
        head: words.checked,
        cell: (domain) => (domain.checked_at === null ? <span className="mute">{words.never}</span> : <Time at={domain.checked_at} />),
      },
    ];
  }, [words, format, filters, tenants, ofTenant]);
}
