// This file shows a secret once: nobody, not even we, can show it again.
import { type ReactNode, useEffect, useRef } from 'react';
import { Copy } from './copy.tsx';

interface SecretOnceProps {
  readonly title: string;
  readonly text: string;
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly actions?: ReactNode;
}

export function SecretOnce({ title, text, pairs, actions }: SecretOnceProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    ref.current?.focus();
    ref.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <div className="secret">
      <h3 ref={ref} tabIndex={-1}>
        {title}
      </h3>
      <p>{text}</p>
      <dl className="pairs">
        {pairs.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>
              <Copy text={value} what={name} />
            </dd>
          </div>
        ))}
      </dl>
      {actions === undefined ? null : <div className="btns">{actions}</div>}
    </div>
  );
}
