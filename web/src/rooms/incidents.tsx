// This file is Incidents: what is wrong, since when, who is on it, what ends it?
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useSearch } from '../address.ts';
import type { Incident } from '../api/feedback-model.ts';
import { incidentsQuery } from '../api/feedback-queries.ts';
import type { Page } from '../api/model.ts';
import { SetChip } from '../desk/chips.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Switch } from '../desk/switch.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { incidentsWords } from '../words/incidents.words.ts';
import { pick, type Words } from '../words/words.ts';

const IncidentList = lazy(() => import('./incident-list.tsx').then((file) => ({ default: file.IncidentList })));
const SHOWN = ['open', 'closed', 'all'] as const;
type Shown = (typeof SHOWN)[number];

interface IncidentsData {
  readonly page: Page<Incident>;
  readonly shown: Shown;
}

/** What is wrong, and is somebody on it? */
export function logLine({ page, shown }: IncidentsData, format: Format): string {
  const say = pick(incidentsWords, format.lang);
  const open = page.data.filter((incident) => incident.state === 'open');
  if (shown === 'closed') return page.data.length === 0 ? say.noneClosed : say.closed(format.int(page.data.length));
  if (open.length === 0) return say.none;
  const unseen = open.filter((incident) => incident.acknowledged_at === null).length;
  return `${say.open(open.length)} ${unseen === 0 ? say.allSeen : unseen === open.length ? say.noneSeen(unseen) : say.unseen(unseen)}`;
}

export function Incidents() {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const router = useRouter();
  const asked = useSearch();
  const shown = SHOWN.find((one) => one === asked['state']) ?? 'open';
  const { after, kind } = asked;
  const search = useMemo(
    () => ({
      ...(shown === 'all' ? {} : { state: shown }),
      ...(after === undefined ? {} : { after }),
      ...(kind === undefined ? {} : { kind }),
    }),
    [shown, after, kind],
  );
  const query = useQuery(incidentsQuery(search));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<span>{words.title}</span>}
      line={(page) => logLine({ page, shown }, format)}
      above={
        <div className="bar">
          <Switch<Shown>
            label={words.state}
            value={shown}
            options={[
              ['open', words.showOpen],
              ['closed', words.showClosed],
              ['all', words.showAll],
            ]}
            onChange={(state) => router.history.push(paths.incidents(state === 'open' ? {} : { state }))}
          />
          {kind === undefined ? null : (
            <div className="chips bar">
              <SetChip
                label={words.kind}
                value={kindWords(kind, words)}
                onClear={() => router.history.push(paths.incidents(shown === 'open' ? {} : { state: shown }))}
              />
            </div>
          )}
        </div>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <IncidentList page={page} shown={shown} after={after} />
        </Suspense>
      )}
    </AskedPage>
  );
}

function kindWords(kind: string, words: Words<typeof incidentsWords>): string {
  const names: Readonly<Record<string, string>> = {
    'ip-blocked': words.kindIp,
    authentication: words.kindAuth,
    account: words.kindAccount,
    capacity: words.kindCapacity,
    content: words.kindContent,
  };
  return names[kind] ?? kind;
}
