// This file says that something could not be had: what we tried, what came back, what still works, and a way to try again.
import { ApiProblem } from '../api/client.ts';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import type { Words } from '../words/words.ts';
import { Button } from './button.tsx';
import { Copy } from './copy.tsx';

/** What came back, in one or two sentences for a person. */
export function problemText(error: unknown, words: Words<typeof deskWords>): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return error.code === 'ANSWER_LATE' ? words.late : words.unreachable;
  const said = [error.message, error.hint ?? ''].filter((part) => part !== '').join(' ');
  return said === '' ? words.answered(error.status) : said;
}

interface ErrorStateProps {
  readonly error: unknown;
  /** What was asked for, as it stands in a sentence ("the messages"). */
  readonly what: string;
  readonly onRetry?: () => void;
}

export function ErrorState({ error, what, onRetry }: ErrorStateProps) {
  const words = useWords(deskWords);
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <div className="fault" role="alert">
      <h2>{words.failedTitle(what)}</h2>
      <p>{problemText(error, words)}</p>
      {problem === null || problem.status === 0 ? null : (
        <p className="wire">
          {problem.status} {problem.code}
        </p>
      )}
      {problem?.requestId ? (
        <p>
          {words.requestId} <Copy text={problem.requestId} what={words.requestId} />
        </p>
      ) : null}
      {onRetry === undefined ? null : (
        <div className="btns">
          <Button onClick={onRetry}>{words.askAgain}</Button>
        </div>
      )}
    </div>
  );
}
