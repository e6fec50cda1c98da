// This file is an emptiness: what would be here, why it is not, and the one thing that changes it. A good emptiness says so.
import type { ReactNode } from 'react';

export function Empty({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <b>{title}</b>
      {children}
      {actions === undefined ? null : <div className="btns">{actions}</div>}
    </div>
  );
}
