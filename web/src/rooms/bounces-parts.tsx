// This file is the evidence on Bounces: how much arrives, whose turn it is, fault by receiver, over time, grouped, and the list.
import type { Statistics } from '../api/feedback-model.ts';
import { Empty } from '../desk/empty.tsx';
import { RateFigure } from '../desk/rate-figure.tsx';
import { Section } from '../desk/section.tsx';
import { weight } from '../desk/segments.ts';
import { useFormat } from '../desk/time.tsx';
import { type AnswerFilters, paths } from '../paths.ts';
import { knownRate } from '../rate.ts';
import { useWords } from '../screen.ts';
import type { Turn } from '../turn.ts';
import { bouncesPartsWords } from '../words/bounces-parts.words.ts';
import { AddressBox } from './answer-chips.tsx';
import { refusedOf, turnsOf } from './bounces.log.ts';
import { BouncesGroups } from './bounces-groups.tsx';
import { FaultHeat } from './bounces-heat.tsx';
import { BouncesList } from './bounces-list.tsx';
import { BouncesTime } from './bounces-time.tsx';

const TURNS = ['theirs', 'sender', 'ours', 'rule'] as const satisfies readonly Turn[];

interface PartsProps {
  readonly data: Statistics;
  readonly filters: AnswerFilters;
}

export function BouncesParts({ data, filters }: PartsProps) {
  const words = useWords(bouncesPartsWords);
  const nothing = refusedOf(data.total) === 0 && filters.address === undefined;
  return (
    <>
      <Arrived data={data} />
      {nothing ? (
        <div className="bar">
          <Empty title={words.nothing}>{words.nothingHow}</Empty>
        </div>
      ) : (
        <>
          <Turns data={data} />
          <FaultHeat data={data} filters={filters} />
          <BouncesTime filters={filters} />
          <BouncesGroups filters={filters} />
        </>
      )}
      <section id="list" className="bar" aria-label={words.list}>
        <AddressBox filters={filters} href={paths.bounces} />
        <BouncesList filters={filters} />
      </section>
    </>
  );
}

function Arrived({ data }: { data: Statistics }) {
  const words = useWords(bouncesPartsWords);
  const { total, definitions } = data;
  return (
    <Section id="rates" title={words.arrived} question={words.arrivedQuestion}>
      <div className="sheet pad">
        <div className="cols c3 fig">
          <RateFigure title={words.deliveredRate} rate={knownRate(total.delivered_rate)} definition={definitions['delivered_rate']} />
          <RateFigure title={words.bounceRate} rate={knownRate(total.bounce_rate)} definition={definitions['bounce_rate']} />
          <RateFigure title={words.complaintRate} rate={knownRate(total.complaint_rate)} definition={definitions['complaint_rate']} />
        </div>
      </div>
    </Section>
  );
}

function Turns({ data }: { data: Statistics }) {
  const words = useWords(bouncesPartsWords);
  const format = useFormat();
  const turns = turnsOf(data.total);
  const placed = TURNS.reduce((sum, turn) => sum + turns[turn], 0);
  const unplaced = refusedOf(data.total) - placed;
  const how = { theirs: words.theirsHow, sender: words.senderHow, ours: words.oursHow, rule: words.ruleHow };
  const label = words.turnSentence(format.int(turns.theirs), format.int(turns.sender), format.int(turns.ours), format.int(turns.rule));
  return (
    <Section id="turn" title={words.turn} question={words.turnQuestion}>
      <div className="sheet pad">
        {placed === 0 ? null : (
          <div className="ledger" role="img" aria-label={label}>
            {TURNS.map((turn) => (turns[turn] === 0 ? null : <i key={turn} className={turn} style={weight(turns[turn])} />))}
          </div>
        )}
        <div className="cols c4 turns fig">
          {TURNS.map((turn) => (
            <dl key={turn}>
              <dt className={`st ${turn}`}>{words[turn]}</dt>
              <dd>{format.int(turns[turn])}</dd>
              <dd className="iv">{how[turn]}</dd>
            </dl>
          ))}
        </div>
        {(data.total.operator_failed ?? 0) > 0 ? (
          <p className="small mute">{words.operatorFailed(format.int(data.total.operator_failed ?? 0))}</p>
        ) : null}
        {unplaced > 0 ? <p className="small faint">{words.unplaced(format.int(unplaced))}</p> : null}
      </div>
    </Section>
  );
}
