// This file shows a rate as a headline figure: how sure we are in words, and its exact definition one click away.
import type { Rate } from '../format.ts';
import { useWords } from '../screen.ts';
import { answerWords } from '../words/answers.words.ts';
import { useFormat } from './time.tsx';

interface RateFigureProps {
  readonly title: string;
  readonly rate: Rate | null;
  /** As the API defines it; it is told in English. */
  readonly definition: string | undefined;
}

export function RateFigure({ title, rate, definition }: RateFigureProps) {
  const words = useWords(answerWords);
  const format = useFormat();
  const between = rate === null ? null : format.between(rate);
  return (
    <dl>
      <dt>{title}</dt>
      <dd>{rate === null ? '·' : format.rate(rate)}</dd>
      <dd className="iv">
        {rate === null ? words.noAnswers : between === null ? null : `${words.likely(between)}, ${words.ofN(format.int(rate.n))}`}
        {definition === undefined ? null : (
          <details>
            <summary>{words.howCounted}</summary>
            <span lang="en">{definition}</span>
          </details>
        )}
      </dd>
    </dl>
  );
}
