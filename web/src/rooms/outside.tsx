// This file is "Seen from outside": does the world find this desk as it should be found, and what is to mend? For people of the platform.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { overviewQuery } from '../api/queries.ts';
import type { SelfChecks } from '../api/schema.gen.ts';
import { lookNow, selfChecksQuery } from '../api/self-check-query.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { IncidentCard } from '../desk/incident-card.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { outsideWords } from '../words/outside.words.ts';
import { logLine } from './outside.log.ts';
import { SecretKeys } from './secret-keys.tsx';

export { logLine };

type Check = SelfChecks['data'][number];

export function Outside() {
  const words = useWords(outsideWords);
  const format = useFormat();
  const { lang } = useScreen();
  return (
    <AskedPage
      title={words.title}
      query={useQuery(selfChecksQuery(lang))}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.outside()} title={words.title} />}
      line={(result) => logLine(result, format)}
    >
      {(result) => <Found result={result} />}
    </AskedPage>
  );
}

function Found({ result: { checked_at: at, data } }: { result: SelfChecks }) {
  const words = useWords(outsideWords);
  const format = useFormat();
  const now = useNow();
  const of = (state: Check['state']) => data.filter((check) => check.state === state);
  const mend = [...of('problem'), ...of('warning')];
  return (
    <>
      <p className="under">{words.explain}</p>
      {at === null ? null : <p className="under small faint">{words.looked(format.when(Date.parse(at), now))}</p>}
      <LookNow urgent={at === null || mend.length > 0} />
      {mend.length === 0 ? null : (
        <Section id="mend" title={words.mend} question={words.mendQuestion}>
          <div className="stack">
            {mend.map((check) => (
              <Wrong key={`${check.code} ${check.subject}`} check={check} />
            ))}
          </div>
        </Section>
      )}
      <Findings id="unknown" title={words.unknown} question={words.unknownQuestion} checks={of('unknown')} />
      <Findings id="note" title={words.note} question={words.noteQuestion} checks={of('note')} />
      <Findings id="well" title={words.wellTitle} question={words.wellQuestion} checks={of('ok')} />
      <SecretKeys />
    </>
  );
}

function LookNow({ urgent }: { urgent: boolean }) {
  const words = useWords(outsideWords);
  const desk = useWords(deskWords);
  const { lang } = useScreen();
  const client = useQueryClient();
  const { role } = usePerson();
  const [busy, setBusy] = useState(false);
  if (role === 'viewer') return null;
  const look = async () => {
    setBusy(true);
    try {
      client.setQueryData(selfChecksQuery(lang).queryKey, await lookNow(lang));
      sayResult(words.lookedNow);
      // What waits for a person on Home comes from the same look.
      void client.invalidateQueries({ queryKey: overviewQuery.queryKey });
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    setBusy(false);
  };
  return (
    <div className="btns bar">
      <Button kind={urgent ? 'main' : 'plain'} busy={busy} onClick={() => void look()}>
        {busy ? words.looking : words.look}
      </Button>
    </div>
  );
}

function Wrong({ check: { state, says, next, since } }: { check: Check }) {
  const words = useWords(outsideWords);
  const format = useFormat();
  const now = useNow();
  const how = state === 'problem' ? words.problem : words.warning;
  return (
    <IncidentCard title={says} when={`${how} · ${words.sinceWhen(format.when(Date.parse(since), now))}`}>
      {next}
    </IncidentCard>
  );
}

interface FindingsProps {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly checks: readonly Check[];
}

function Findings({ id, title, question, checks }: FindingsProps) {
  const words = useWords(outsideWords);
  if (checks.length === 0) return null;
  return (
    <Section id={id} title={title} question={question}>
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.finding}</th>
              <th scope="col" className="since">
                {words.since}
              </th>
            </tr>
          </thead>
          <tbody>
            {checks.map(({ code, subject, says, next, since }) => (
              <tr key={`${code} ${subject}`}>
                <td className="head" data-l="">
                  {says}
                  {next === null ? null : <p className="mute">{next}</p>}
                </td>
                <td className="nw" data-l={words.since}>
                  <Time at={since} focusable />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
