// This file shows passages: a strip of all recipients on one logarithmic clock, then a lane each: what we did, what they said in their own
// words, whose turn it is, what comes next.
import type { ReactNode } from 'react';
import type { Recipient } from '../api/model.ts';
import type { Format } from '../format.ts';
import { COARSE_MS, namesOf, type Step, stepsOf, TELLING } from '../passage.ts';
import { reasonWords } from '../reason.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { BY_ITSELF } from '../turn.ts';
import { newsWords, passageWords } from '../words/passage.words.ts';
import { pick, type Words } from '../words/words.ts';
import { FaultTag } from './fault-tag.tsx';
import { Glyph, glyphShape } from './glyphs.tsx';
import { Time, useFormat } from './time.tsx';

interface LaneProps {
  readonly recipient: Recipient;
  readonly takenMs: number;
  /** Pill, sentence and marks above the steps. */
  readonly head: ReactNode;
  /** What a person can do where the passage waits for one. */
  readonly actions?: ReactNode;
}

export function Lane({ recipient, takenMs, head, actions }: LaneProps) {
  const steps = stepsOf(recipient, takenMs);
  const names = namesOf(steps);
  return (
    <article className="lane" id={recipient.id} aria-label={recipient.address}>
      <header>
        <b>{recipient.address}</b>
        <br />
        {head}
      </header>
      <ol className="tl">
        {steps.map((step, index) => (
          <StepItem key={names[index]} step={step} before={steps[index - 1]} actions={step.kind === 'you' ? actions : undefined} />
        ))}
      </ol>
    </article>
  );
}

function StepItem({ step, before, actions }: { step: Step; before: Step | undefined; actions: ReactNode }) {
  const words = useWords(passageWords);
  const format = useFormat();
  // How a provider labels it and which rule read it help whoever runs the desk; people of a tenant read the words themselves.
  const { ofTenant } = usePerson();
  const nextIsLater = step.later;
  return (
    <li className={`${step.glyph}${nextIsLater ? ' later' : ''}`}>
      <Glyph name={step.glyph} />
      <div>
        {step.kind === 'you' ? null : (
          <span className="at">
            <Time at={new Date(step.at).toISOString()} focusable>
              {timeOf(step, before, format)}
            </Time>
          </span>
        )}
        {step.later ? <span className="mute">{titleOf(step, words, format)}</span> : <b>{titleOf(step, words, format)}</b>}{' '}
        {step.fault === null ? (
          step.class === null || !TELLING.has(step.kind) ? null : (
            <span className="mute">{reasonWords(step.class, format)}</span>
          )
        ) : (
          <FaultTag fault={step.fault}>{reasonWords(step.class, format) ?? ''}</FaultTag>
        )}
        {step.kind === 'taken' ? <p className="mute">{words.takenHow}</p> : null}
        {step.said === null ? null : <p className="said">{step.said}</p>}
        {step.again.length === 0 ? null : <p className="mute">{words.sameWords(step.again.map((at) => format.clock(at)).join(', '))}</p>}
        {ofTenant || step.label === null || !TELLING.has(step.kind) ? null : <p className="mute">{words.providerSaid(step.label)}</p>}
        {ofTenant || step.rule === null ? null : <p className="mute">{words.decidedBy(step.rule)}</p>}
        {step.kind === 'rerouted' ? <p className="mute">{words.reroutedWhy}</p> : null}
        {step.why === null ? null : <p className="mute">{words[step.why]}</p>}
        {step.heldFor === null ? null : <p className="mute">{words.heldTooLong(reasonWords(step.heldFor, format) ?? step.heldFor)}</p>}
        {step.kind === 'unknown' ? <p className="mute">{words.unknownWhy}</p> : null}
        {actions === undefined ? null : <div className="btns">{actions}</div>}
      </div>
    </li>
  );
}

function titleOf(step: Step, words: Words<typeof passageWords>, format: Format): string {
  switch (step.kind) {
    case 'offered':
      return step.account === null ? words.offeredPlain : words.offered(step.account);
    case 'accepted':
      return step.account === null ? words.acceptedPlain : words.accepted(step.account);
    case 'deferred':
      return step.again.length === 0 ? words.deferred : words.deferredTimes(format.int(step.again.length + 1));
    case 'news':
      return newsOf(step.type ?? '', words, format);
    case 'released':
      return step.why === null ? words.released : words.letGo;
    case 'you':
      return BY_ITSELF.has(step.type) ? words.byItself : words.you;
    case 'next':
      return step.glyph === 'scheduled' ? words.leaves : words.next;
    default:
      return words[step.kind];
  }
}

/** What providers say when they have passed a message on; a word that the console itself never says. */
const PASSED_ON = 'sent';

function newsOf(type: string, words: Words<typeof passageWords>, format: Format): string {
  const said: Readonly<Record<string, string>> = pick(newsWords, format.lang);
  return said[type === PASSED_ON ? 'passedOn' : type] ?? words.news(type);
}

/** The first time is whole, later ones of the same minute only say seconds; what lies ahead says hour and minute. */
function timeOf(step: Step, before: Step | undefined, format: Format): string {
  if (step.later) return format.clock(step.at);
  if (before === undefined || !format.sameDay(before.at, step.at)) return format.precise(step.at);
  if (step.at % COARSE_MS === 0) return format.second(step.at);
  if (format.clock(before.at) === format.clock(step.at)) return format.withinMinute(step.at);
  return format.second(step.at);
}

/** Marks of the clock, milliseconds. */
const MARKS = [100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 21_600_000, 86_400_000, 259_200_000];
const LEFT = 240;
const RIGHT = 960;
const LINE = 44;
/** A glyph closer to the one before than this would hide it. */
const STEP_MIN = 17;
/** Words at the end of a row: further right there is no room, and longer ones would leave the picture. */
const LABEL_X_MAX = 720;
const LABEL_MAX = 40;
/** Widest address that fits left of the clock, characters. */
const ADDRESS_MAX = 32;

interface StripProps {
  readonly recipients: readonly Recipient[];
  readonly takenMs: number;
  /** The words at the end of a row. */
  readonly pill: (recipient: Recipient) => string;
}

/** All recipients on one logarithmic clock. On a phone it hides and the lanes stack. */
export function PassageStrip({ recipients, takenMs, pill }: StripProps) {
  const words = useWords(passageWords);
  const format = useFormat();
  const rows = recipients.map((recipient) => ({ recipient, steps: stepsOf(recipient, takenMs).filter((step) => step.kind !== 'you') }));
  const longest = Math.max(1_000, ...rows.flatMap(({ steps }) => steps.map((step) => step.at - takenMs)));
  const end = MARKS.find((mark) => mark >= longest) ?? longest;
  const place = (ms: number) => (ms <= 50 ? LEFT : LEFT + ((RIGHT - LEFT) * Math.log10(ms / 50)) / Math.log10(end / 50));
  const marks = MARKS.filter((mark) => mark <= end);
  const height = rows.length * LINE + 28;
  return (
    <svg
      className="chart passage"
      viewBox={`0 0 1000 ${height}`}
      role="img"
      aria-label={words.clock(rows.length, format.lapse(MARKS[0] ?? 100), format.lapse(end))}
    >
      {marks.map((mark) => (
        <g key={mark}>
          <line className="gl" x1={place(mark)} x2={place(mark)} y1="6" y2={height - 22} />
          <text x={place(mark)} y={height - 6} textAnchor="middle">
            {format
              .lapse(mark)
              .replace(/[.,]0(?=\D)/, '')
              .replace(/^(\d+):00$/, '$1\u00a0min')
              .replace(/\u00a0h 0\u00a0min$/, '\u00a0h')}
          </text>
        </g>
      ))}
      {rows.map(({ recipient, steps }, row) => (
        <StripRow
          key={recipient.id}
          address={recipient.address}
          pill={pill(recipient)}
          steps={steps}
          y={row * LINE + 24}
          place={(at) => place(at - takenMs)}
        />
      ))}
    </svg>
  );
}

function StripRow({
  address,
  pill,
  steps,
  y,
  place,
}: {
  address: string;
  pill: string;
  steps: readonly Step[];
  y: number;
  place: (at: number) => number;
}) {
  let x = Number.NEGATIVE_INFINITY;
  const spots = steps.map((step) => {
    x = Math.min(988, Math.max(place(step.at), x + STEP_MIN));
    return { step, x };
  });
  const solid = spots.filter(({ step }) => !step.later);
  const last = solid.at(-1)?.x ?? LEFT;
  const end = spots.at(-1)?.x ?? LEFT;
  const names = namesOf(steps);
  return (
    <g>
      <text className="who" x="0" y={y + 4}>
        {address.length > ADDRESS_MAX ? `${address.slice(0, ADDRESS_MAX - 1)}…` : address}
      </text>
      <line className="run" x1={LEFT} x2={last} y1={y} y2={y} />
      {end > last ? <line className="run wait" x1={last} x2={end} y1={y} y2={y} /> : null}
      {spots.map(({ step, x: at }, index) => (
        <g key={names[index]} className={step.glyph} transform={`translate(${at - 9} ${y - 9}) scale(1.125)`}>
          <circle className="bg" cx="8" cy="8" r="9.5" />
          <GlyphDrawing name={step.glyph} />
        </g>
      ))}
      {end > LABEL_X_MAX ? null : (
        <text x={end + 16} y={y + 4}>
          {pill.length > LABEL_MAX ? `${pill.slice(0, LABEL_MAX - 1)}…` : pill}
        </text>
      )}
    </g>
  );
}

function GlyphDrawing({ name }: { name: Step['glyph'] }) {
  return <g className="glyph">{glyphShape(name)}</g>;
}
