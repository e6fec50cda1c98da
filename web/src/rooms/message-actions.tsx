// This file holds what can be done to a whole message: cancel what has not left.
import { useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import type { Message } from '../api/model.ts';
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
  const doors = message.recipients.map((recipient) => can('cancelRecipient', recipient.state, person, format.lang));
  const still = doors.filter((door) => door.door === 'open').length;
  const first = doors[0] ?? { door: 'absent' as const };
  const cancel = async () => {
    await post(`/v1/messages/${message.id}/cancel`);
    await client.invalidateQueries({ queryKey: ['message', message.id] });
    sayResult(words.cancelled(still));
  };
  return (
    <div className="btns bar">
      <Confirm
        label={words.cancel}
        door={still > 0 ? { door: 'open' } : first}
        title={words.cancelTitle}
        body={words.cancelBody(words.recipients(still), words.others(message.recipients.length - still))}
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
