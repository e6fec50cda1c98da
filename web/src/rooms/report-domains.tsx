// This file leads from Reports to what they say about each domain.
import { useQuery } from '@tanstack/react-query';
import { domainsQuery } from '../api/domain-queries.ts';
import { A } from '../desk/a.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { domainWords } from '../words/domains.words.ts';
import { reportWords } from '../words/reports.words.ts';

export function ReportDomains() {
  const words = useWords(reportWords);
  const domain = useWords(domainWords);
  const query = useQuery(domainsQuery({}));
  const rows = query.data?.data ?? [];
  return (
    <Section
      id="domains"
      title={words.domains}
      question={words.domainsQuestion}
      actions={
        <A className="btn" href={paths.domains()}>
          {domain.title}
        </A>
      }
    >
      {query.error === null ? null : <ErrorState error={query.error} what={domain.what} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && rows.length === 0 ? <p className="mute">{words.noDomains}</p> : null}
      <ul className="names">
        {rows.map((row) => (
          <li key={row.id}>
            <A href={paths.domainReports(row.id)}>{row.name}</A>
          </li>
        ))}
      </ul>
    </Section>
  );
}
