// This file is the table of single senders: confirmed by whom, what happens to From, and what can be done.
import { useQueryClient } from '@tanstack/react-query';
import { patch, post, remove } from '../api/client.ts';
import type { Sender } from '../api/model.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { senderWords } from '../words/senders.words.ts';
import { HeldWaiting } from './held-waiting.tsx';

interface SenderTableProps {
  readonly tenantId: string;
  readonly senders: readonly Sender[];
}

export function SenderTable({ tenantId, senders }: SenderTableProps) {
  const words = useWords(senderWords);
  return (
    <div className="sheet">
      <table className="tbl flow">
        <caption className="sr">{words.list}</caption>
        <thead>
          <tr>
            <th scope="col">{words.address}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.treatment}</th>
            <th scope="col">
              <span className="sr">{words.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {senders.map((sender) => (
            <tr key={sender.id} className={sender.treatment === 'held' && sender.verified_at !== null ? 'bad' : undefined}>
              <td className="head any" data-l="">
                {sender.address}
              </td>
              <td data-l={words.state}>
                <Confirmed sender={sender} />
              </td>
              <td data-l={words.treatmentShort}>
                <span>
                  <Treated sender={sender} />
                  <HeldWaiting count={sender.held_messages} tenantId={tenantId} until="sender" sender={sender.address} />
                </span>
              </td>
              <td className="num acts" data-l="">
                <Acts tenantId={tenantId} sender={sender} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Confirmed({ sender }: { sender: Sender }) {
  const words = useWords(senderWords);
  const format = useFormat();
  const now = useNow();
  if (sender.verified_at !== null) {
    return (
      <span className="st delivered">
        <Glyph name="delivered" /> {sender.verified_by === 'mail' ? words.byMail : words.byOperator}
      </span>
    );
  }
  return (
    <span className="st queued">
      <Glyph name="queued" />
      {sender.confirmation === null ? words.notAsked : words.asked(format.when(Date.parse(sender.confirmation.expires_at), now))}
    </span>
  );
}

function Treated({ sender }: { sender: Sender }) {
  const words = useWords(senderWords);
  if (sender.verified_at === null) return <span className="mute">{words.refused}</span>;
  if (sender.treatment === 'as-is') return <span className="mute">{words.asIs}</span>;
  if (sender.treatment === 'rewrite' && sender.rewritten_from !== null)
    return <span className="any">{words.rewrite(sender.rewritten_from)}</span>;
  return sender.why;
}

function Acts({ tenantId, sender }: { tenantId: string; sender: Sender }) {
  const words = useWords(senderWords);
  const desk = useWords(deskWords);
  const { lang } = useScreen();
  const { role, ofTenant } = usePerson();
  const client = useQueryClient();
  const { id, address } = sender;
  const renew = () => client.invalidateQueries({ queryKey: ['tenant', tenantId, 'senders'] });
  const tell = async (work: Promise<unknown>, done: string, undo?: () => void) => {
    try {
      await work;
      sayResult(done, undo);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const again = () => void tell(post(`/v1/tenants/${tenantId}/senders`, { address }), words.added(address));
  const vouched = sender.verified_at !== null;
  // Registered anew by an operator an address is vouched for, and by its organisation it is not confirmed: only the first can have been so before.
  const restorable = !ofTenant && sender.verified_by === 'operator';
  if (role === 'viewer') return null;
  return (
    <span className="btns">
      {vouched ? null : (
        <Button kind="quiet" onClick={() => void tell(post(`/v1/senders/${id}/confirmation`, { lang }), words.confirmed(address))}>
          {sender.confirmation === null ? words.confirm : words.confirmAgain}
        </Button>
      )}
      {ofTenant ? null : (
        <Button
          kind="quiet"
          onClick={() =>
            void tell(patch(`/v1/senders/${id}`, { verified: !vouched }), (vouched ? words.unvouched : words.vouched)(address))
          }
        >
          {vouched ? words.unvouch : words.vouch}
        </Button>
      )}
      <Button
        kind="quiet"
        aria-label={`${words.remove}: ${address}`}
        onClick={() => void tell(remove(`/v1/senders/${id}`), words.removed(address), restorable ? again : undefined)}
      >
        {words.remove}
      </Button>
    </span>
  );
}
