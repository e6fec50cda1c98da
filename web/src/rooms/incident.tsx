// This file is one incident: what happened, in the receivers' words, whom it meets, who is on it, and what ends it.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useObjectId } from '../address.ts';
import type { Incident } from '../api/feedback-model.ts';
import { incidentQuery } from '../api/feedback-queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { unlinked } from '../desk/linked.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { incidentsWords } from '../words/incidents.words.ts';
import { pick, plain } from '../words/words.ts';
import { incidentNext, incidentTitle } from './incident-words.ts';

// The sentence and the next step stand first.
const IncidentActions = lazy(() => import('./incident-actions.tsx').then((file) => ({ default: file.IncidentActions })));
const IncidentParts = lazy(() => import('./incident-parts.tsx').then((file) => ({ default: file.IncidentParts })));

/** More words than this and the title stands under the line, not in it. */
const TITLE_WORDS_MAX = 18;

/** What is wrong, since when? */
export function logLine(
  incident: Pick<Incident, 'kind' | 'subject' | 'title' | 'opened_at' | 'closed_at'>,
  format: Format,
  nowMs: number,
): string {
  const say = pick(incidentsWords, format.lang);
  const when = (iso: string) => format.moment(Date.parse(iso), nowMs);
  if (incident.closed_at !== null) return say.lineClosed(when(incident.closed_at));
  const since = format.since(Date.parse(incident.opened_at), nowMs);
  const title = incidentTitle(incident, format);
  return fitsLine(title) ? say.lineOpen(plain(title), since) : say.lineLong(since);
}

function fitsLine(title: string): boolean {
  return /[.]$/.test(title) && title.split(/\s+/).length <= TITLE_WORDS_MAX;
}

export function OneIncident() {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const now = useNow();
  const id = useObjectId();
  useEscapeBack(paths.incidents());
  const query = useQuery(incidentQuery(id));
  return (
    <AskedPage
      title={(incident) => unlinked(incidentTitle(incident, format))}
      query={query}
      what={words.whatOne}
      asking={words.askingOne}
      crumb={<A href={paths.incidents()}>{words.title}</A>}
      line={(incident) => logLine(incident, format, now)}
    >
      {(incident) => (
        <>
          {incident.closed_at === null && fitsLine(incidentTitle(incident, format)) ? null : (
            <p className="under">{incidentTitle(incident, format)}</p>
          )}
          <Suspense fallback={null}>
            <IncidentActions incident={incident} />
          </Suspense>
          <Section id="next" title={words.next} question={words.nextQuestion}>
            <p className="prose">{incidentNext(incident, format)}</p>
          </Section>
          <Suspense fallback={null}>
            <IncidentParts incident={incident} />
          </Suspense>
        </>
      )}
    </AskedPage>
  );
}
