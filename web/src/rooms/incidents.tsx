// This file is Incidents: what is wrong, since when, who is on it, what ends it?
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSearch } from '../address.ts';
import type { Incident } from '../api/feedback-model.ts';
import { incidentsQuery } from '../api/feedback-queries.ts';
import type { Page } from '../api/model.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { SetChip } from '../desk/chips.tsx';
import { Empty } from '../desk/empty.tsx';
import { IncidentCard } from '../desk/incident-card.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Switch } from '../desk/switch.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { turnOf } from '../mail.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { faultOf } from '../states.ts';
import { incidentsWords } from '../words/incidents.ts';
import { pick, type Words } from '../words/words.ts';
import { incidentNext, incidentTitle } from './incident-words.ts';

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
  return `${say.open(open.length)} ${unseen === 0 ? say.allSeen : say.unseen(unseen)}`;
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
      {(page) => <List page={page} shown={shown} after={after} />}
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

function List({ page, shown, after }: { page: Page<Incident>; shown: Shown; after: string | undefined }) {
  const words = useWords(incidentsWords);
  const state = shown === 'open' ? {} : { state: shown };
  if (page.data.length === 0)
    return (
      <div className="bar">
        <Empty title={shown === 'closed' ? words.noneClosed : words.emptyOpen}>{words.emptyOpenHow}</Empty>
      </div>
    );
  return (
    <div className="bar" id="list">
      <h2 className="sr">{words.caption}</h2>
      <div className="stack">
        {page.data.map((incident, index) => (
          <Card key={incident.id} incident={incident} first={index === 0 && shown === 'open'} />
        ))}
      </div>
      <TableFoot
        shown={page.data.length}
        more={page.next !== null || after !== undefined}
        keys={false}
        pages={
          <>
            {after === undefined ? null : (
              <A className="btn" href={paths.incidents(state)}>
                {words.newest}
              </A>
            )}
            {page.next === null ? null : (
              <A className="btn" href={paths.incidents({ ...state, after: page.next })}>
                {words.older}
              </A>
            )}
          </>
        }
      />
    </div>
  );
}

function Card({ incident, first }: { incident: Incident; first: boolean }) {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const now = useNow();
  const when = (iso: string) => format.when(Date.parse(iso), now);
  const facts = [
    incident.closed_at === null ? words.since(format.since(Date.parse(incident.opened_at), now)) : words.until(when(incident.closed_at)),
    words.reach(incident.messages, format.int(incident.messages)),
    incident.rerouted === 0 ? '' : words.rerouted(incident.rerouted, format.int(incident.rerouted)),
    incident.state === 'closed' ? '' : incident.acknowledged_by === null ? words.nobodyOnIt : words.onIt(incident.acknowledged_by),
  ];
  return (
    <IncidentCard
      title={incidentTitle(incident, format)}
      turn={turnOf(faultOf(incident.fault) ?? 'operator')}
      calm={incident.state === 'closed'}
      when={facts.filter((fact) => fact !== '').join(' · ')}
      actions={
        <A className={first ? 'btn main' : 'btn'} href={paths.incident(incident.id)}>
          {words.look}
        </A>
      }
    >
      {incidentNext(incident, format)}
    </IncidentCard>
  );
}
