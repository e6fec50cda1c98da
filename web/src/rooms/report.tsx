// This file is one report about a domain: does it count, what does it say, and what does the mail it came in prove?
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useObjectId } from '../address.ts';
import { post } from '../api/client.ts';
import { reportQuery } from '../api/report-queries.ts';
import type { DomainReportDetail } from '../api/reports-model.ts';
import { A } from '../desk/a.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { reportWords } from '../words/reports.words.ts';
import { reportLine } from './reports.log.ts';

const ReportParts = lazy(() => import('./report-parts.tsx').then((file) => ({ default: file.ReportParts })));

/** Does it count, and what does it say? */
export function logLine(report: DomainReportDetail, format: Format): string {
  return reportLine(report, format);
}

export function OneReport() {
  const words = useWords(reportWords);
  const format = useFormat();
  const id = useObjectId(3);
  useEscapeBack(paths.reports());
  const query = useQuery(reportQuery(id));
  return (
    <AskedPage
      title={(report) => report.org_name ?? words.title}
      query={query}
      what={words.whatOne}
      asking={words.askingOne}
      crumb={(report) => (
        <>
          <A href={paths.reports()}>{words.title}</A>
          {report.domain_id === null ? (
            <span className="any">{report.domain}</span>
          ) : (
            <A href={paths.domainReports(report.domain_id)}>{report.domain}</A>
          )}
        </>
      )}
      line={(report) => logLine(report, format)}
    >
      {(report) => (
        <>
          <Accept report={report} />
          <Suspense fallback={null}>
            <ReportParts report={report} />
          </Suspense>
        </>
      )}
    </AskedPage>
  );
}

function Accept({ report }: { report: DomainReportDetail }) {
  const words = useWords(reportWords);
  const { role } = usePerson();
  const client = useQueryClient();
  if (report.state !== 'forged' || role === 'viewer' || !report.records_kept) return null;
  const act = async () => {
    await post(`/v1/domain-reports/${report.id}/accept`);
    await client.invalidateQueries({ queryKey: ['domain-reports'] });
    sayResult(words.accepted);
  };
  return (
    <div className="btns bar">
      <Confirm
        label={words.accept}
        calm
        door={{ door: 'open' }}
        title={words.acceptTitle}
        body={words.acceptBody}
        verb={words.accept}
        act={act}
      />
    </div>
  );
}
