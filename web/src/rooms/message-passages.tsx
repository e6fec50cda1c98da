// This file shows the passages of a message: up to six as lanes on one clock, more as a table with one lane opened.
import { lazy, Suspense } from 'react';
import type { Message } from '../api/model.ts';
import { useNow } from '../clock.ts';
import { PassageStrip } from '../desk/passage.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { pillText } from '../pill.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { messageWords } from '../words/message.words.ts';
import { OneLane } from './message-lane.tsx';

/** Over this many the lanes become a table. */
const LANES_MAX = 6;

const ManyPassages = lazy(() => import('./message-many.tsx').then((file) => ({ default: file.ManyPassages })));

export function Passages({ message }: { readonly message: Message }) {
  const words = useWords(messageWords);
  const format = useFormat();
  const now = useNow();
  const reader = usePerson().ofTenant ? 'tenant' : 'operator';
  const takenMs = Date.parse(message.created_at);
  const { recipients } = message;
  const columns = recipients.length === 1 ? 'n1' : recipients.length === 2 || recipients.length === 4 ? 'n2' : 'n3';
  return (
    <Section id="passages" title={words.passages(recipients.length)} question={words.passagesQuestion}>
      {recipients.length > LANES_MAX ? (
        <Suspense fallback={null}>
          <ManyPassages message={message} />
        </Suspense>
      ) : (
        <>
          {recipients.some((recipient) => recipient.attempts.length > 0) ? (
            <PassageStrip
              recipients={recipients}
              takenMs={takenMs}
              pill={(recipient) => pillText(recipient, takenMs, format, reader, now)}
            />
          ) : null}
          <div className={`sheet lanes ${columns}`}>
            {recipients.map((recipient) => (
              <OneLane key={recipient.id} message={message} recipient={recipient} />
            ))}
          </div>
        </>
      )}
    </Section>
  );
}
