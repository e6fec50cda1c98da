// This file is one incident: what happened, in the receivers' words, whom it meets, who is on it, and what ends it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useObjectId } from '../address.ts';
import { post } from '../api/client.ts';
import type { Incident } from '../api/feedback-model.ts';
import { incidentQuery } from '../api/feedback-queries.ts';
import { can } from '../can.ts';
import { useClassNames } from '../class-words.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { problemText } from '../desk/error-state.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { Facts } from '../desk/facts.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { TextField } from '../desk/field.tsx';
import { unlinked } from '../desk/linked.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.ts';
import { incidentsWords } from '../words/incidents.ts';
import { pick, plain } from '../words/words.ts';

/** More words than this and the title stands under the line, not in it. */
const TITLE_WORDS_MAX = 18;

/** What is wrong, since when? */
export function logLine(incident: Pick<Incident, 'title' | 'opened_at' | 'closed_at'>, format: Format, nowMs: number): string {
  const say = pick(incidentsWords, format.lang);
  const when = (iso: string) => format.moment(Date.parse(iso), nowMs);
  if (incident.closed_at !== null) return say.lineClosed(when(incident.closed_at));
  const since = format.when(Date.parse(incident.opened_at), Number.NaN);
  return fitsLine(incident.title) ? say.lineOpen(plain(incident.title), since) : say.lineLong(since);
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
      title={(incident) => unlinked(incident.title)}
      query={query}
      what={words.whatOne}
      asking={words.askingOne}
      crumb={<A href={paths.incidents()}>{words.title}</A>}
      line={(incident) => logLine(incident, format, now)}
    >
      {(incident) => (
        <>
          {incident.closed_at === null && fitsLine(incident.title) ? null : <p className="under">{incident.title}</p>}
          <Actions incident={incident} />
          <Section id="next" title={words.next} question={words.nextQuestion}>
            <p className="prose">{incident.next_step}</p>
          </Section>
          <What incident={incident} />
          <Words incident={incident} />
        </>
      )}
    </AskedPage>
  );
}

function Actions({ incident }: { incident: Incident }) {
  const words = useWords(incidentsWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  const [why, setWhy] = useState('');
  const renew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['incident', incident.id] }),
      client.invalidateQueries({ queryKey: ['incidents'] }),
      client.invalidateQueries({ queryKey: ['overview'] }),
    ]);
  const acknowledge = async () => {
    try {
      await post(`/v1/incidents/${incident.id}/acknowledge`);
      sayResult(words.acknowledged);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const close = async () => {
    await post(`/v1/incidents/${incident.id}/close`, why.trim() === '' ? {} : { why: why.trim() });
    sayResult(words.closedNow);
    await renew();
  };
  if (incident.state === 'closed') return null;
  const seen = incident.acknowledged_at !== null;
  return (
    <div className="btns bar">
      <Button
        kind={seen ? 'plain' : 'main'}
        door={can('acknowledgeIncident', seen ? 'acknowledged' : 'open', person, format.lang)}
        onClick={() => void acknowledge()}
      >
        {words.acknowledge}
      </Button>
      <Confirm
        label={words.close}
        calm
        door={can('closeIncident', incident.state, person, format.lang)}
        title={words.closeTitle}
        body={
          <>
            {words.closeBody}
            <TextField
              label={words.closeWhy}
              hint={words.closeWhyHint}
              value={why}
              onChange={(event) => setWhy(event.target.value)}
              maxLength={500}
            />
          </>
        }
        verb={words.close}
        act={close}
      />
    </div>
  );
}

function What({ incident }: { incident: Incident }) {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const { subject } = incident;
  const named = (['account', 'pool', 'mailbox_provider', 'domain'] as const).flatMap((name) => {
    const value = subject[name];
    return value === undefined || value === null || value === '' ? [] : [[words[name], value] as const];
  });
  const time = (at: string | null, name: string) => (at === null ? [] : [[name, <Time key={name} at={at} focusable />] as const]);
  return (
    <Section id="facts" title={words.facts} question={words.factsQuestion}>
      <Facts
        facts={[
          ...(incident.fault === null ? [] : [[words.turn, <FaultTag key="fault" fault={incident.fault} />] as const]),
          ...named,
          ...(incident.tenant_id === null
            ? []
            : [
                [
                  words.tenant,
                  <A key="tenant" href={paths.tenant(incident.tenant_id)}>
                    {words.look}
                  </A>,
                ] as const,
              ]),
          [
            words.messages,
            `${format.int(incident.messages)}${incident.rerouted === 0 ? '' : `, ${words.rerouted(format.int(incident.rerouted))}`}`,
          ],
          ...time(incident.opened_at, words.opened),
          ...time(incident.last_seen_at, words.lastSeen),
          ...time(incident.closed_at, words.closedAt),
          [words.by, incident.acknowledged_by ?? words.nobodyOnIt],
        ]}
      />
    </Section>
  );
}

function Words({ incident }: { incident: Incident }) {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const className = useClassNames();
  const { fault } = incident;
  return (
    <Section
      id="words"
      title={words.words}
      question={words.wordsQuestion}
      actions={
        fault === null ? undefined : (
          <A className="btn" href={`${paths.bounces({ fault, ...atOf(incident) })}#list`}>
            {words.toBounces}
          </A>
        )
      }
    >
      {incident.evidence.length === 0 ? (
        <p className="mute">{words.noWords}</p>
      ) : (
        <div className="sheet">
          <table className="tbl flow">
            <caption className="sr">{words.words}</caption>
            <thead>
              <tr>
                <th scope="col">{words.said}</th>
                <th scope="col" className="num">
                  {words.times}
                </th>
                <th scope="col">{words.last}</th>
                <th scope="col">{words.read}</th>
              </tr>
            </thead>
            <tbody>
              {incident.evidence.map((one) => (
                <tr key={`${one.reply}${one.at}`}>
                  <td className="wire" data-l={words.said}>
                    {one.reply}
                  </td>
                  <td className="num" data-l={words.times}>
                    {format.int(one.count)}
                  </td>
                  <td data-l={words.last}>
                    <Time at={one.at} />
                  </td>
                  <td data-l={words.read}>{one.class === null ? null : className(one.class)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function atOf({ subject }: Incident): { mailbox_provider?: string } {
  return typeof subject.mailbox_provider === 'string' ? { mailbox_provider: subject.mailbox_provider } : {};
}
