// This file shows one report: who reports about which time, its records, and what else it holds.
import type { ReactNode } from 'react';
import type { DomainReportDetail, ReportRow } from '../api/reports-model.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Facts } from '../desk/facts.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { reportKinds, reportReasons, reportStates, reportWords } from '../words/reports.words.ts';
import { capital } from '../words/words.ts';

type Fact = readonly [name: string, value: ReactNode];

export function ReportParts({ report }: { readonly report: DomainReportDetail }) {
  const words = useWords(reportWords);
  const detail = Object.keys(report.detail).length === 0 ? null : JSON.stringify(report.detail, null, 2);
  return (
    <>
      <WhatAndWhen report={report} />
      {report.kind === 'aggregate' ? <Records rows={report.rows} /> : null}
      {detail === null ? null : (
        <Section id="detail" title={words.detail} question={words.detailQuestion}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region. */}
          <section className="sheet source" tabIndex={0} aria-label={`${words.detail}, ${words.detailQuestion}`}>
            <pre className="wire">{detail}</pre>
          </section>
        </Section>
      )}
    </>
  );
}

function WhatAndWhen({ report }: { report: DomainReportDetail }) {
  const words = useWords(reportWords);
  const kinds = useWords(reportKinds);
  const states = useWords(reportStates);
  const reasons: Readonly<Record<string, string>> = useWords(reportReasons);
  const format = useFormat();
  const { begin_at: begin, end_at: end, why } = report;
  const because = why === null ? '' : `: ${reasons[why] ?? why}`;
  const text = (name: string, value: string | null): Fact[] =>
    value === null || value === ''
      ? []
      : [
          [
            name,
            <span key={name} className="any">
              {value}
            </span>,
          ],
        ];
  const now = useNow();
  const at = (iso: string) => `${format.day(Date.parse(iso), now)}, ${format.clock(Date.parse(iso))}`;
  const policy = Object.entries(report.policy ?? {}).flatMap(([tag, value]) => (value === null ? [] : [`${tag}=${value}`]));
  const facts: Fact[] = [
    [words.state, capital(`${states[report.state]}${because}`)],
    ...text(words.reporter, report.org_name),
    ...text(words.contact, report.org_email),
    ...text(words.reportId, report.report_id),
    [words.kind, kinds[report.kind]],
    ...(begin === null || end === null ? [] : text(words.time, words.to(at(begin), at(end)))),
    [words.messages, format.int(report.messages)],
    [words.proven, format.int(report.passed)],
    ...text(words.policy, policy.join(' ')),
    ...text(words.submitter, report.source === 'upload' ? words.byUpload : report.submitter),
    ...text(words.proves, report.authentication),
    ...(report.inbound_mail_id === null
      ? []
      : [
          [
            words.mail,
            <A key="mail" href={paths.inboundMail(report.inbound_mail_id)}>
              {words.openMail}
            </A>,
          ] as const,
        ]),
    ...(report.conflict_of === null
      ? []
      : [
          [
            words.other,
            <A key="other" href={paths.report(report.conflict_of)}>
              {words.openOther}
            </A>,
          ] as const,
        ]),
    ...(report.duplicates === 0 ? [] : text(words.again, words.againTimes(report.duplicates))),
    [words.came, <Time key="came" at={report.stored_at} focusable />],
    ...text(words.warnings, report.warnings.map(({ code, detail }) => (detail === '' ? code : `${code} (${detail})`)).join(', ')),
  ];
  return (
    <Section id="facts" title={words.facts} question={words.factsQuestion}>
      <Facts facts={facts} />
    </Section>
  );
}

function Records({ rows }: { rows: readonly ReportRow[] }) {
  const words = useWords(reportWords);
  return (
    <Section id="rows" title={words.rows} question={words.rowsQuestion}>
      {rows.length === 0 ? (
        <p className="mute">{words.noRows}</p>
      ) : (
        <div className="sheet">
          <table className="tbl flow">
            <caption className="sr">{words.rows}</caption>
            <thead>
              <tr>
                <th scope="col">{words.ip}</th>
                <th scope="col" className="num">
                  {words.messages}
                </th>
                <th scope="col">{words.signed}</th>
                <th scope="col">{words.envelope}</th>
                <th scope="col">{words.handled}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={JSON.stringify(row)} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Row({ row }: { row: ReportRow }) {
  const words = useWords(reportWords);
  const format = useFormat();
  const agrees = (aligned: boolean) => (aligned ? words.aligned : words.notAligned);
  return (
    <tr>
      <td className="head" data-l="">
        <span className="wire any">{row.ip ?? '·'}</span>
        {row.ptr === null ? null : <div className="small faint any">{row.ptr}</div>}
      </td>
      <td className="num" data-l={words.messages}>
        {format.int(row.messages)}
      </td>
      <td data-l={words.signed}>
        <span className="wire any">{[row.dkim_domain, row.dkim_selector].filter((part) => part !== null).join(' ')}</span>
        <div className="small faint">
          {row.dkim_result}, {agrees(row.dkim_aligned)}
        </div>
      </td>
      <td data-l={words.envelope}>
        <span className="wire any">{row.spf_domain}</span>
        <div className="small faint">
          {row.spf_result}, {agrees(row.spf_aligned)}
        </div>
      </td>
      <td data-l={words.handled}>
        <span className="wire">{row.disposition}</span>
        {row.reasons === '' ? null : <div className="small faint any">{row.reasons}</div>}
      </td>
    </tr>
  );
}
