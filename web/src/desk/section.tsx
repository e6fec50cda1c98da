// This file is a section: ruled, not boxed; heading and its question in the margin, evidence beside it.
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly id?: string;
  readonly title: string;
  /** The question this section answers, or what it shows. */
  readonly question?: string;
  /** Controls that belong to the whole section. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ id, title, question, actions, children }: SectionProps) {
  const heading = useId();
  return (
    <section className="sec" id={id} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {question === undefined ? null : <p>{question}</p>}
        {actions === undefined ? null : <div className="do btns">{actions}</div>}
      </header>
      <div>{children}</div>
    </section>
  );
}
