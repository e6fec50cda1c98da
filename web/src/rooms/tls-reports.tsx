// This file shows what others report about encryption on the way to a domain's mail servers.
import { useQuery } from '@tanstack/react-query';
import { tlsQuery } from '../api/report-queries.ts';
import type { TlsView } from '../api/reports-model.ts';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { useWords } from '../screen.ts';
import { dmarcWords } from '../words/reports.words.ts';

interface TlsReportsProps {
  readonly id: string;
  readonly search: Readonly<Record<string, string>>;
}

export function TlsReports({ id, search }: TlsReportsProps) {
  const words = useWords(dmarcWords);
  const query = useQuery(tlsQuery(id, search));
  return (
    <Section id="tls" title={words.tls} question={words.tlsQuestion}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.tls} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : <Told view={query.data} />}
    </Section>
  );
}

function Told({ view }: { view: TlsView }) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  if (view.sessions === 0) return <p className="mute">{words.tlsNone}</p>;
  const [failed, sessions] = [format.int(view.failed), format.int(view.sessions)];
  return (
    <div className="stack">
      <p>{view.failed === 0 ? words.tlsAll(sessions) : words.tlsPart(failed, sessions)}</p>
      {view.failures.length === 0 ? null : <Failures view={view} />}
      <p className="small mute any">
        {words.reporters} {view.reporters.map((reporter) => `${reporter.name} (${format.int(reporter.sessions)})`).join(', ')}
      </p>
    </div>
  );
}

function Failures({ view }: { view: TlsView }) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  return (
    <div className="sheet">
      <table className="tbl flow">
        <caption className="sr">{words.tls}</caption>
        <thead>
          <tr>
            <th scope="col">{words.tlsCause}</th>
            <th scope="col">{words.tlsServer}</th>
            <th scope="col" className="num">
              {words.tlsConnections}
            </th>
            <th scope="col">{words.why}</th>
          </tr>
        </thead>
        <tbody>
          {view.failures.map((failure) => (
            <tr key={`${failure.result_type} ${failure.mx_host}`}>
              <td className="head wire" data-l="">
                {failure.result_type}
              </td>
              <td className="wire any" data-l={words.tlsServer}>
                {failure.mx_host}
              </td>
              <td className="num" data-l={words.tlsConnections}>
                {format.int(failure.sessions)}
              </td>
              <td data-l={words.why}>
                {failure.why}
                {failure.next_step === '' ? null : <div className="mute">{failure.next_step}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
