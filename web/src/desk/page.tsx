// This file is a page: crumb, log line, the sentence under it, actions, sections. While it asks it says what it is asking; on failure it says so.
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { ApiProblem } from '../api/client.ts';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { ErrorState, problemText } from './error-state.tsx';
import { unlinked } from './linked.tsx';
import { LogLine } from './log-line.tsx';
import { useFormat } from './time.tsx';

interface FrameProps {
  /** Short name for the browser's tab. */
  readonly title: string;
  readonly crumb?: ReactNode;
  readonly line: string;
  readonly asking?: boolean;
  readonly children?: ReactNode;
}

/** A page whose sentence is known from the start. */
export function Page({ title, crumb, line, asking = false, children }: FrameProps) {
  useEffect(() => {
    document.title = `${title} · Packetboat`;
  }, [title]);
  return (
    <>
      <div className="crumb">{crumb}</div>
      <LogLine text={line} asking={asking} />
      {children}
    </>
  );
}

interface AskedProps<T> {
  readonly title: string | ((data: T) => string);
  readonly query: UseQueryResult<T>;
  /** What is asked for, as it stands in a sentence ("the messages"). */
  readonly what: string;
  /** "Asking for …", while nothing is there yet. */
  readonly asking: string;
  readonly crumb?: ReactNode | ((data: T) => ReactNode);
  readonly line: (data: T) => string;
  /** True while the line needs something else that is still asked for: what is here is shown, and no sentence stands that would be taken back. */
  readonly lineWaits?: boolean;
  /** Stays in place while the list below is asked for (filters, search box). */
  readonly above?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** A page that answers from one question to the API. */
export function AskedPage<T>({ title, query, what, asking, crumb, line, lineWaits = false, above, children }: AskedProps<T>) {
  const words = useWords(deskWords);
  const format = useFormat();
  const { data, error } = query;
  const missing = error instanceof ApiProblem && error.status === 404;
  const name = typeof title === 'string' ? title : data === undefined ? what : title(data);
  const path = typeof crumb === 'function' ? (data === undefined ? null : crumb(data)) : crumb;
  if (data === undefined || missing) {
    const text = error === null ? asking : missing ? words.notFoundLine : words.failedLine;
    return (
      <Page title={name} crumb={path} line={text} asking={error === null}>
        {missing ? <p className="under">{words.notFoundWhat}</p> : null}
        {above}
        {error === null || missing ? null : (
          <div className="bar">
            <ErrorState error={error} what={what} onRetry={() => void query.refetch()} />
          </div>
        )}
      </Page>
    );
  }
  const from = format.second(query.dataUpdatedAt);
  return (
    <Page title={unlinked(name)} crumb={path} line={lineWaits ? asking : line(data)} asking={lineWaits}>
      {/* Keeps `above` in its place among the children, so that what was typed there while the page asked is not lost. */}
      {null}
      {above}
      {error === null ? null : (
        <p className="under danger" role="status">
          {problemText(error, words)} {words.staleFrom(from)}
        </p>
      )}
      <div className={error === null ? undefined : 'stale'}>{children(data)}</div>
    </Page>
  );
}
