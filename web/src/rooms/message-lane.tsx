// This file is one recipient's lane on the page of a message: its state and marks, whose turn it is, and the way out of a hold.
import { useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import type { Message, Recipient } from '../api/model.ts';
import { can } from '../can.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { MarkPill } from '../desk/mark-pill.tsx';
import { Lane } from '../desk/passage.tsx';
import { StatePill } from '../desk/state-pill.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { pillText } from '../pill.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { faultOfClass, turnOf } from '../turn.ts';
import { deskWords } from '../words/desk.words.ts';
import { messageWords } from '../words/message.words.ts';
import { tookSecondRoute } from './message.log.ts';

export function OneLane({ message, recipient }: { readonly message: Message; readonly recipient: Recipient }) {
  const words = useWords(messageWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const now = useNow();
  const person = usePerson();
  const client = useQueryClient();
  const takenMs = Date.parse(message.created_at);
  const release = async () => {
    try {
      await post(`/v1/recipients/${recipient.id}/release`);
      sayResult(words.released(recipient.address));
    } catch (error) {
      sayResult(words.notReleased(problemText(error, desk)));
    }
    await client.invalidateQueries({ queryKey: ['message', message.id] });
  };
  return (
    <Lane
      recipient={recipient}
      takenMs={takenMs}
      head={
        <>
          <StatePill state={recipient.state} text={pillText(recipient, takenMs, format, person.ofTenant ? 'tenant' : 'operator', now)} />
          {recipient.marks
            .filter((mark) => mark !== 'silent')
            .map((mark) => (
              <span key={mark}>
                {' · '}
                <MarkPill mark={mark} />
              </span>
            ))}
          <LaneSentence recipient={recipient} />
        </>
      }
      actions={
        <Button kind="main" door={can('releaseRecipient', recipient.state, person, format.lang)} onClick={() => void release()}>
          {words.release}
        </Button>
      }
    />
  );
}

/** Whose turn it is, where that is not plain from the state. */
function LaneSentence({ recipient }: { recipient: Recipient }) {
  const words = useWords(messageWords);
  if (recipient.marks.includes('resent')) return <p>{words.laneResent}</p>;
  if (recipient.state === 'delivered' && tookSecondRoute(recipient)) return <p>{words.laneRerouted}</p>;
  if (recipient.state !== 'bounced' && recipient.state !== 'failed' && recipient.state !== 'deferred') return null;
  const fault = faultOfClass(recipient.reason);
  if (fault === null) return null;
  const sentence = { theirs: words.laneTheirs, sender: words.laneSender, ours: words.laneOurs, rule: words.laneRule };
  return <p>{sentence[turnOf(fault)]}</p>;
}
