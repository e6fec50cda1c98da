// This file is what reports say about one domain: how much mail goes in its name, how much of it is proven, who sends it, and whether the policy
// may be stricter.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useObjectId, useSearch } from '../address.ts';
import { domainQuery } from '../api/domain-queries.ts';
import { dmarcQuery } from '../api/report-queries.ts';
import type { DmarcView } from '../api/reports-model.ts';
import { A } from '../desk/a.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { AskedPage } from '../desk/page.tsx';
import { Switch } from '../desk/switch.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { dmarcWords, reportWords } from '../words/reports.words.ts';
import { dmarcLine } from './reports.log.ts';

const DmarcVolume = lazy(() => import('./dmarc-volume.tsx').then((file) => ({ default: file.DmarcVolume })));
const DmarcPath = lazy(() => import('./dmarc-path.tsx').then((file) => ({ default: file.DmarcPath })));
const DmarcSources = lazy(() => import('./dmarc-sources.tsx').then((file) => ({ default: file.DmarcSources })));
const TlsReports = lazy(() => import('./tls-reports.tsx').then((file) => ({ default: file.TlsReports })));

const DAYS = ['7d', '30d', '90d', '365d'] as const;
type Days = (typeof DAYS)[number];
const DAY_MS = 86_400_000;

/** Who speaks in its name, and may the policy be stricter? */
export function logLine(view: DmarcView, format: Format): string {
  return dmarcLine(view, format);
}

export function DomainReports() {
  const words = useWords(dmarcWords);
  const reports = useWords(reportWords);
  const format = useFormat();
  const { lang } = useScreen();
  const router = useRouter();
  const id = useObjectId();
  const asked = useSearch()['time'];
  const time = DAYS.find((one) => one === asked) ?? '30d';
  // From midnight to midnight, so that asking again asks the same question.
  const from = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - (Number.parseInt(time, 10) - 1) * DAY_MS).toISOString().slice(0, 10);
  const search = useMemo(() => ({ from, lang }), [from, lang]);
  useEscapeBack(paths.reports());
  const query = useQuery(dmarcQuery(id, search));
  const domain = useQuery({ ...domainQuery(id, lang, 0), refetchInterval: false }).data;
  return (
    <AskedPage
      title={domain === undefined ? words.title : `${domain.name}, ${words.title}`}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={
        <>
          <A href={paths.reports()}>{reports.title}</A>
          {domain === undefined ? null : <A href={paths.domain(id)}>{domain.name}</A>}
        </>
      }
      line={(view) => logLine(view, format)}
      above={
        <div className="bar">
          <Switch<Days>
            label={words.range}
            value={time}
            options={[
              ['7d', words.days7],
              ['30d', words.days30],
              ['90d', words.days90],
              ['365d', words.days365],
            ]}
            onChange={(next) => router.history.push(paths.domainReports(id, next === '30d' ? undefined : next))}
          />
        </div>
      }
    >
      {(view) => (
        <Suspense fallback={null}>
          <DmarcVolume view={view} id={id} search={search} name={domain?.name ?? null} />
          <DmarcPath view={view} />
          <DmarcSources view={view} id={id} />
          <TlsReports id={id} search={search} />
        </Suspense>
      )}
    </AskedPage>
  );
}
