// This file is the dialog: Base UI keeps the focus in, gives it back to the opener and closes on Esc. It is loaded when first needed.
import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useEffect, useState } from 'react';

interface DialogProps {
  readonly title: string;
  readonly className?: string;
  /** Leaves the title to screen readers where the content says it by itself. */
  readonly titleHidden?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, className = '', titleHidden = false, onClose, children }: DialogProps) {
  // Taken while rendering, before the dialog takes the focus.
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus();
    },
    [opener],
  );
  return (
    <Base.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={`dialog ${className}`}>
          <Base.Title className={titleHidden ? 'sr' : undefined}>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
