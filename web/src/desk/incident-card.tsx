// This file is the buff card: a person is needed. One sentence with a subject and a verb, whose turn, since when, one action.
import type { ReactNode } from 'react';
import type { Turn } from '../turn.ts';
import { Glyph, type GlyphName } from './glyphs.tsx';

interface IncidentCardProps {
  readonly title: string;
  readonly glyph?: GlyphName;
  readonly turn?: Turn;
  readonly children?: ReactNode;
  /** True where nobody is needed any more. */
  readonly calm?: boolean;
  /** Whose turn, age, reach. */
  readonly when?: ReactNode | undefined;
  readonly actions?: ReactNode | undefined;
}

export function IncidentCard({ title, glyph, turn, children, when, actions, calm = false }: IncidentCardProps) {
  return (
    <article className={calm ? 'attn calm' : 'attn'}>
      <div>
        <h3 className={turn ?? 'ours'}>
          {glyph === undefined ? null : <Glyph name={glyph} />}
          {title}
        </h3>
        {children === undefined ? null : <p>{children}</p>}
        {when === undefined ? null : <p className="when">{when}</p>}
      </div>
      {actions === undefined ? null : <div className="btns">{actions}</div>}
    </article>
  );
}
