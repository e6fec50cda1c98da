// This file is a tenant's view of refusals, in a volunteer's words: what you can do, what happens by itself, what is ours to mend.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Bounce, Statistics, StatisticsRow } from '../api/feedback-model.ts';
import { bouncesQuery, incidentsQuery } from '../api/feedback-queries.ts';
import { useClassNames, useEndedWords } from '../class-words.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { Glyph, type GlyphName } from '../desk/glyphs.tsx';
import { IncidentCard } from '../desk/incident-card.tsx';
import { RateFigure } from '../desk/rate-figure.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { type AnswerFilters, paths } from '../paths.ts';
import { knownRate } from '../rate.ts';
import { useWords } from '../screen.ts';
import { faultOfClass, turnOf } from '../turn.ts';
import { peopleWords } from '../words/people-to-fix.words.ts';
import { capital } from '../words/words.ts';
import { AddressBox } from './answer-chips.tsx';
import { listSearch, without } from './answer-search.ts';
import { refusedOf } from './bounces.log.ts';
import { BouncesList } from './bounces-list.tsx';
import { incidentNext, incidentTitle } from './incident-words.ts';

/** Addresses named in a group; the list below has all of them. */
const NAMED_MAX = 5;
/** Rows looked through for the names. */
const LOOKED_THROUGH = '200';

/** What of theirs is wrong now: a domain, a mailing. */
const OPEN = { state: 'open' } as const;

type Part = 'yours' | 'mail' | 'itself' | 'ours';

export function PeopleToFix({ data, filters }: { readonly data: Statistics; readonly filters: AnswerFilters }) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const search = useMemo(() => ({ ...listSearch(without(filters, 'after', 'address')), limit: LOOKED_THROUGH }), [filters]);
  const { data: page } = useQuery(bouncesQuery(search));
  const bounces = page?.data ?? [];
  const rows = data.data.filter((row) => refusedOf(row) > 0).sort((a, b) => refusedOf(b) - refusedOf(a));
  const inside = (part: Part) => rows.filter((row) => partOf(row) === part);
  const ours = inside('ours');
  const open = useQuery(incidentsQuery(OPEN)).data?.data ?? [];
  return (
    <>
      {open.length === 0 ? null : (
        <Section id="tasks" title={words.tasks} question={words.tasksHow}>
          <div className="stack">
            {open.map((incident) => (
              <IncidentCard
                key={incident.id}
                title={incidentTitle(incident, format)}
                turn="sender"
                actions={
                  <A className="btn" href={paths.incident(incident.id)}>
                    {words.look}
                  </A>
                }
              >
                {incidentNext(incident, format)}
              </IncidentCard>
            ))}
          </div>
        </Section>
      )}
      {rows.length === 0 ? (
        <div className="bar">
          <Empty title={words.nothing}>{words.nothingHow}</Empty>
        </div>
      ) : null}
      <Groups
        id="yours"
        title={words.yours}
        question={words.yoursHow}
        rows={inside('yours')}
        bounces={bounces}
        filters={filters}
        glyph="bounced"
      >
        <p className="mute">
          {words.held} <A href={paths.holds()}>{words.toHolds}</A>
        </p>
      </Groups>
      <Groups
        id="mail"
        title={words.mail}
        question={words.mailHow}
        rows={inside('mail')}
        bounces={bounces}
        filters={filters}
        glyph="held"
      />
      {inside('itself').length + ours.length === 0 ? null : (
        <Groups
          id="itself"
          title={words.itself}
          question={words.itselfHow}
          rows={inside('itself')}
          bounces={bounces}
          filters={filters}
          glyph="deferred"
        >
          {ours.length === 0 ? null : (
            <div className="group held">
              <div className="big" />
              <div>
                <h3>
                  <Glyph name="held" /> {words.oursTitle}
                </h3>
                <p>{words.oursText}</p>
              </div>
            </div>
          )}
        </Groups>
      )}
      <Section id="rates" title={words.rates} question={words.ratesQuestion}>
        <div className="fig">
          <RateFigure title={words.rate} rate={knownRate(data.total.delivered_rate)} definition={data.definitions['delivered_rate']} />
        </div>
      </Section>
      <section id="list" className="bar" aria-label={words.words}>
        <AddressBox filters={filters} href={paths.bounces} />
        <BouncesList filters={filters} />
      </section>
    </>
  );
}

/** Who can mend it, by the fault of the class. */
function partOf(row: StatisticsRow): Part {
  const fault = faultOfClass(row.key);
  if (fault === null || fault === 'receiver' || fault === 'policy') return 'itself';
  const turn = turnOf(fault);
  return turn === 'theirs' ? 'yours' : turn === 'sender' ? 'mail' : 'ours';
}

interface GroupsProps {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly StatisticsRow[];
  readonly bounces: readonly Bounce[];
  readonly filters: AnswerFilters;
  readonly glyph: GlyphName;
  readonly children?: React.ReactNode;
}

function Groups({ id, title, question, rows, bounces, filters, glyph, children }: GroupsProps) {
  if (rows.length === 0 && !children) return null;
  if (rows.length === 0 && id === 'yours') return null;
  return (
    <Section id={id} title={title} question={question}>
      <div>
        {rows.map((row) => (
          <Group key={row.key} row={row} bounces={bounces} filters={filters} glyph={glyph} />
        ))}
        {children}
      </div>
    </Section>
  );
}

function Group({
  row,
  bounces,
  filters,
  glyph,
}: {
  row: StatisticsRow;
  bounces: readonly Bounce[];
  filters: AnswerFilters;
  glyph: GlyphName;
}) {
  const words = useWords(peopleWords);
  const format = useFormat();
  const className = useClassNames();
  const told = useEndedWords()(row.key);
  const count = refusedOf(row);
  const addresses = [...new Set(bounces.filter((bounce) => bounce.class === row.key).map((bounce) => bounce.address))];
  const named = addresses.slice(0, NAMED_MAX);
  const more = addresses.length - named.length;
  return (
    <div className={`group ${glyph}`}>
      <div className="big">{format.int(count)}</div>
      <div>
        <h3>
          <Glyph name={glyph} /> {capital(row.key === '' ? words.people(format.int(count)) : className(row.key))}
        </h3>
        {told === null ? null : (
          <p>
            {told.volunteer} {told.next}
          </p>
        )}
        <ul className="who">
          {named.map((address) => (
            <li key={address}>
              <A href={paths.messages({ address })}>{address}</A>
            </li>
          ))}
          {more > 0 ? (
            <li>
              <A href={`${paths.bounces({ ...without(filters, 'after'), class: row.key })}#list`}>{words.whoMore(format.int(more))}</A>
            </li>
          ) : null}
        </ul>
      </div>
    </div>
  );
}
