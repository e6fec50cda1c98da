// This file says why a message went this way: routes down, the four gates across; a row stops at its first closed gate with the reason.
import type { Decision, Judgement } from '../api/model.ts';
import { useWords } from '../screen.ts';
import { type DecisionWords, decisionWords, sayBetter, sayJudgement } from '../words/decision.words.ts';
import { passageWords } from '../words/passage.words.ts';
import { Glyph } from './glyphs.tsx';
import { Note } from './note.tsx';

const GATES = ['may', 'well', 'room', 'preferred'] as const;

export function WhyThisWay({ decision }: { readonly decision: Decision }) {
  const words = useWords(passageWords);
  const reasons = useWords(decisionWords);
  const better = sayBetter(decision, reasons);
  return (
    <div className="stack">
      <div className="sheet scroll">
        <table className="tbl gates flow">
          <thead>
            <tr>
              <th scope="col">{words.route}</th>
              {GATES.map((gate, index) => (
                <th key={gate} scope="col">
                  {index + 1}. {words[gate]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {decision.judgements.map((judgement, number) => (
              <tr key={routeName(judgement, number, reasons)} className={judgement.chosen ? 'chosen' : undefined}>
                <td className="head" data-l="">
                  {judgement.chosen ? <b>{routeName(judgement, number, reasons)}</b> : routeName(judgement, number, reasons)}
                </td>
                {GATES.map((gate, index) => (
                  <GateCell key={gate} judgement={judgement} gate={gate} index={index} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {better === null ? null : <Note>{better}</Note>}
    </div>
  );
}

function GateCell({ judgement, gate, index }: { judgement: Judgement; gate: (typeof GATES)[number]; index: number }) {
  const words = useWords(passageWords);
  const because = sayJudgement(judgement, useWords(decisionWords));
  const stop = judgement.stopped_at === null ? GATES.length : GATES.indexOf(judgement.stopped_at);
  if (judgement.chosen && gate === 'preferred') {
    return (
      <td data-l={words[gate]}>
        <b>{words.chosen}</b> {because}
      </td>
    );
  }
  if (index < stop) {
    return (
      <td className="ok fine" data-l={words[gate]}>
        <Glyph name="yes" /> {words.passed}
      </td>
    );
  }
  if (index > stop) return <td className="after" data-l={words[gate]} aria-label={words.notAsked} />;
  return (
    <td className={gate === 'preferred' ? 'mute' : 'stop'} data-l={words[gate]}>
      {gate === 'preferred' ? null : <Glyph name="no" />} {because}
    </td>
  );
}

/** An organisation is not told which account it was: it reads `way` and the kind of provider. */
function routeName({ account, provider, pool, rewritten }: Judgement, number: number, words: DecisionWords): string {
  const parts = account === '' ? [words.way(number + 1), provider] : [account, pool];
  const name = parts.filter((part) => part !== '').join(', ');
  return rewritten ? words.anew(name) : name;
}
