// This file draws every glyph once. Outline families carry meaning without colour: open circle still moving, filled ended, square needs a
// person, octagon refused, flag objected, line through we do not write.
import type { ReactNode } from 'react';

const DRAWN = {
  scheduled: (
    <>
      <circle cx="8" cy="8" r="5.25" className="o" />
      <path d="M10.75 8h4.5" className="o" />
    </>
  ),
  queued: <circle cx="8" cy="8" r="5.25" className="o" />,
  submitting: (
    <>
      <circle cx="8" cy="8" r="5.25" className="o" />
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5z" className="f" />
    </>
  ),
  handed_over: (
    <>
      <circle cx="8" cy="8" r="5.25" className="o" />
      <circle cx="8" cy="8" r="2.5" className="f" />
    </>
  ),
  delivered: (
    <>
      <circle cx="8" cy="8" r="6.25" className="f" />
      <path d="m5.1 8.2 2 2 3.8-4.2" className="k" />
    </>
  ),
  deferred: (
    <>
      <circle cx="8" cy="8" r="5.75" className="o" />
      <path d="M8 4.8V8l2.3 1.7" className="o" />
    </>
  ),
  held: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="1.5" className="f" />
      <path d="M6.25 5.2v5.6M9.75 5.2v5.6" className="k" />
    </>
  ),
  uncertain: (
    <>
      <circle cx="8" cy="8" r="6" className="o" strokeDasharray="2.4 1.6" />
      <path d="M6.3 6.5a1.75 1.75 0 1 1 2.4 1.6c-.5.25-.7.55-.7 1.1M8 11.2v.1" className="o" />
    </>
  ),
  bounced: (
    <>
      <path d="M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2z" className="f" />
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" className="k" />
    </>
  ),
  failed: (
    <>
      <path d="M5.4 2.25h5.2l3.15 3.15v5.2l-3.15 3.15H5.4L2.25 10.6V5.4z" className="o" />
      <path d="M5.25 8h5.5" className="o" />
    </>
  ),
  complained: (
    <>
      <path d="M3.75 1.5v13" className="o" />
      <path d="M4 2.2 14 6 4 9.8z" className="f" />
    </>
  ),
  suppressed: (
    <>
      <circle cx="8" cy="8" r="4.75" className="o" />
      <path d="M.75 8h14.5" className="o" />
    </>
  ),
  expired: <path d="M3.5 1.75h9L8.9 8l3.6 6.25h-9L7.1 8z" className="f" />,
  cancelled: (
    <>
      <circle cx="8" cy="8" r="5.25" className="o" />
      <path d="m4.3 11.7 7.4-7.4" className="o" />
    </>
  ),
  yes: <path d="m3 8.5 3.3 3.3L13 4.7" className="o" />,
  no: <path d="m4 4 8 8m0-8-8 8" className="o" />,
  find: (
    <>
      <circle cx="7" cy="7" r="4.25" className="o" />
      <path d="m10.2 10.2 3.6 3.6" className="o" />
    </>
  ),
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" className="o" />,
  down: <path d="m4 6 4 4 4-4" className="o" />,
  up: <path d="m4 10 4-4 4 4" className="o" />,
  back: <path d="M13 8H3m4.5-4.5L3 8l4.5 4.5" className="o" />,
} as const satisfies Record<string, ReactNode>;

export type GlyphName = keyof typeof DRAWN;

/** A glyph of the desk, 16 px. Give `label` where it stands alone; otherwise the word beside it speaks. */
export function Glyph({ name, label, className = '' }: { readonly name: GlyphName; readonly label?: string; readonly className?: string }) {
  const hidden = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: hidden, or named by aria-label.
    <svg className={`g ${className}`} viewBox="0 0 16 16" {...hidden}>
      {DRAWN[name]}
    </svg>
  );
}

/** The drawing alone, to be placed inside a larger picture (16 × 16 units). */
export function glyphShape(name: GlyphName): ReactNode {
  return DRAWN[name];
}
