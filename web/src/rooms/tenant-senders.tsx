// This file shows a tenant's single senders, and adds and removes them.
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post, remove } from '../api/client.ts';
import type { Page, Sender } from '../api/model.ts';
import { Button } from '../desk/button.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { Time } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.ts';
import { tenantPartWords } from '../words/tenant-parts.ts';

export function Senders({ tenantId, query }: { readonly tenantId: string; readonly query: UseQueryResult<Page<Sender>> }) {
  const words = useWords(tenantPartWords);
  const { role } = usePerson();
  const rows = query.data?.data ?? [];
  return (
    <Section id="senders" title={words.senders} question={words.sendersQuestion}>
      <div className="stack">
        {query.error === null ? null : <ErrorState error={query.error} what={words.senders} onRetry={() => void query.refetch()} />}
        {query.data !== undefined && rows.length === 0 ? <Empty title={words.noSenders}>{words.noSendersHow}</Empty> : null}
        {rows.length === 0 ? null : <SenderTable tenantId={tenantId} rows={rows} />}
        {role === 'viewer' || query.data === undefined ? null : (
          <details>
            <summary>{words.senderNew}</summary>
            <AddSender tenantId={tenantId} />
          </details>
        )}
      </div>
    </Section>
  );
}

function SenderTable({ tenantId, rows }: { tenantId: string; rows: readonly Sender[] }) {
  const words = useWords(tenantPartWords);
  const desk = useWords(deskWords);
  const { role } = usePerson();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['tenant', tenantId, 'senders'] });
  const drop = async (sender: Sender) => {
    try {
      await remove(`/v1/senders/${sender.id}`);
      sayResult(
        words.senderRemoved(sender.address),
        () => void post(`/v1/tenants/${tenantId}/senders`, { address: sender.address }).then(renew),
      );
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  return (
    <div className="sheet">
      <table className="tbl flow">
        <thead>
          <tr>
            <th scope="col">{words.sender}</th>
            <th scope="col">{words.since}</th>
            <th scope="col">
              <span className="sr">{words.senderRemove}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((sender) => (
            <tr key={sender.id}>
              <td className="head" data-l="">
                {sender.address}
              </td>
              <td data-l={words.since}>
                <Time at={sender.created_at} />
              </td>
              <td className="num acts" data-l="">
                {role === 'viewer' ? null : (
                  <Button kind="quiet" onClick={() => void drop(sender)} aria-label={`${words.senderRemove}: ${sender.address}`}>
                    {words.senderRemove}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddSender({ tenantId }: { tenantId: string }) {
  const words = useWords(tenantPartWords);
  const client = useQueryClient();
  const form = useForm(['address']);
  const [address, setAddress] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const made = await post<Sender>(`/v1/tenants/${tenantId}/senders`, { address: address.trim() });
      await client.invalidateQueries({ queryKey: ['tenant', tenantId, 'senders'] });
      setAddress('');
      sayResult(words.senderAdded(made.address));
    });
  };
  return (
    <form className="form bar" onSubmit={submit}>
      <TextField
        label={words.sender}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        wrong={form.wrong('address')}
        required
        spellCheck={false}
        autoCapitalize="none"
      />
      <FormFoot verb={words.senderAdd} busy={form.busy} refused={form.refused} main={false} />
    </form>
  );
}
