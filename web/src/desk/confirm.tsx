// This file asks before something that has no undo: the title is the action, the body its consequence, the button repeats the verb.
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Door } from '../can.ts';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { Button } from './button.tsx';
import { problemText } from './error-state.tsx';

const Dialog = lazy(() => import('./dialog.tsx').then((file) => ({ default: file.Dialog })));

interface ConfirmProps {
  /** The words on the button that opens it. */
  readonly label: string;
  readonly door: Door;
  readonly kind?: 'quiet' | 'ruin' | 'plain';
  readonly title: string;
  /** What follows, in numbers where there are any. */
  readonly body: ReactNode;
  readonly verb: string;
  readonly act: () => Promise<unknown>;
  /** Why the verb cannot be pressed yet; null once it can. */
  readonly wait?: string | null;
  /** True where it destroys nothing. */
  readonly calm?: boolean;
}

export function Confirm({ label, door, kind = 'plain', title, body, verb, act, calm = false, wait = null }: ConfirmProps) {
  const words = useWords(deskWords);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await act();
      setOpen(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind={kind} door={door} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open ? (
        <Suspense fallback={null}>
          <Dialog title={title} onClose={() => setOpen(false)}>
            <div className="body">{body}</div>
            {error === null ? null : (
              <p role="alert" className="field">
                <span className="wrong">{problemText(error, words)}</span>
              </p>
            )}
            <div className="btns">
              <Button
                {...(calm ? { kind: 'main' as const } : { className: 'main', kind: 'ruin' as const })}
                busy={busy}
                door={wait === null ? { door: 'open' } : { door: 'closed', reason: wait }}
                onClick={() => void run()}
              >
                {busy ? words.working : verb}
              </Button>
              <Button onClick={() => setOpen(false)}>{words.cancel}</Button>
            </div>
          </Dialog>
        </Suspense>
      ) : null}
    </>
  );
}
