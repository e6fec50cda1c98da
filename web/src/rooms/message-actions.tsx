// This file holds what can be done to a whole message: cancel what has not left.
import { useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import { type Message, RECIPIENT_STATES } from '../api/model.ts';
import type { Operations } from '../api/schema.gen.ts';
import { can } from '../can.ts';
import { Confirm } from '../desk/confirm.tsx';
import { Copy } from '../desk/copy.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { messageWords } from '../words/message.words.ts';

export function MessageActions({ message }: { readonly message: Message }) {
  const words = useWords(messageWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  // By the counts: of a message to very many, not every recipient is here.
  const there = RECIPIENT_STATES.flatMap((state) => {
    const count = message.states[state] ?? 0;
    return count === 0 ? [] : [{ count, door: can('cancelRecipient', state, person, format.lang) }];
  });
  const still = there.reduce((sum, { count, door }) => sum + (door.door === 'open' ? count : 0), 0);
  const first = there[0]?.door ?? { door: 'absent' as const };
  const cancel = async () => {
    // Some may have left since the page was drawn.
    const { cancelled } = await post<Operations['cancelMessage']['answer']>(`/v1/messages/${message.id}/cancel`);
    await client.invalidateQueries({ queryKey: ['message', message.id] });
    sayResult(words.cancelled(cancelled));
  };
  return (
    <div className="btns bar">
      <Confirm
        label={words.cancel}
        door={still > 0 ? { door: 'open' } : first}
        title={words.cancelTitle}
        body={words.cancelBody(words.recipients(still), words.others(message.recipient_count - still))}
        verb={words.cancelVerb(still)}
        act={cancel}
      />
      <a className="btn quiet" href={`/v1/messages/${message.id}`} target="_blank" rel="noreferrer">
        {words.asJson}
      </a>
      <span className="cell">
        <span className="mute small">{words.copyLink}</span>
        <Copy bare text={`${location.origin}${paths.message(message.id)}`} what={words.copyLink} />
      </span>
    </div>
  );
}
