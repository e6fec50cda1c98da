// This file lists incidents, each as a card with its next step.
import type { Incident } from '../api/feedback-model.ts';
import type { Page } from '../api/model.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { IncidentCard } from '../desk/incident-card.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { faultOf } from '../states.ts';
import { turnOf } from '../turn.ts';
import { incidentsWords } from '../words/incidents.words.ts';
import { incidentNext, incidentTitle } from './incident-words.ts';

interface IncidentListProps {
  readonly page: Page<Incident>;
  readonly shown: 'open' | 'closed' | 'all';
  readonly after: string | undefined;
}

export function IncidentList({ page, shown, after }: IncidentListProps) {
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
