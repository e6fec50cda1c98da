// This file lists a tenant's sending domains, each leading to its records, and adds one.
import type { UseQueryResult } from '@tanstack/react-query';
import type { Page, SendingDomain } from '../api/model.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { domainWords } from '../words/domains.words.ts';
import { tenantPartWords } from '../words/tenant-parts.words.ts';
import { AddDomain } from './add-domain.tsx';
import { DomainState } from './domain-state.tsx';
import { wrongRecords } from './domains.log.ts';

interface DomainsProps {
  readonly tenantId: string;
  readonly query: UseQueryResult<Page<SendingDomain>>;
}

export function Domains({ tenantId, query }: DomainsProps) {
  const words = useWords(tenantPartWords);
  const { role } = usePerson();
  const rows = query.data?.data ?? [];
  return (
    <Section id="domains" title={words.domains} question={words.domainsQuestion}>
      <div className="stack">
        {query.error === null ? null : <ErrorState error={query.error} what={words.domains} onRetry={() => void query.refetch()} />}
        {query.data !== undefined && rows.length === 0 ? <Empty title={words.noDomains}>{words.noDomainsHow}</Empty> : null}
        {rows.length === 0 ? null : <Table rows={rows} />}
        {role === 'viewer' || query.data === undefined ? null : (
          <details open={rows.length === 0}>
            <summary>{words.domainNew}</summary>
            <AddDomain tenantId={tenantId} open={false} />
          </details>
        )}
      </div>
    </Section>
  );
}

function Table({ rows }: { rows: readonly SendingDomain[] }) {
  const words = useWords(domainWords);
  const format = useFormat();
  return (
    <div className="sheet">
      <table className="tbl flow">
        <caption className="sr">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.records}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((domain) => {
            const wrong = wrongRecords(domain).length;
            const all = domain.records.filter((record) => record.needed !== 'optional').length;
            return (
              <tr key={domain.id} className={domain.state === 'broken' ? 'bad' : undefined}>
                <td className="head" data-l="">
                  <A href={paths.domain(domain.id)}>{domain.name}</A>
                </td>
                <td data-l={words.state}>
                  <DomainState state={domain.state} />
                </td>
                <td data-l={words.records} className="mute">
                  {domain.checked_at === null
                    ? words.notSeen
                    : wrong === 0
                      ? words.allRight
                      : words.wrongOf(format.int(wrong), format.int(all))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
