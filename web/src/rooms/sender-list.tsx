// This file lists single senders with who confirmed them and what happens to From, and adds one.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import type { Sender } from '../api/model.ts';
import { Empty } from '../desk/empty.tsx';
import { CheckField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { senderWords } from '../words/senders.words.ts';
import { SenderTable } from './sender-table.tsx';

interface SenderListProps {
  readonly tenantId: string;
  readonly senders: readonly Sender[];
}

export function SenderList({ tenantId, senders }: SenderListProps) {
  const words = useWords(senderWords);
  const { role } = usePerson();
  return (
    <Section id="list" title={words.list} question={words.listQuestion}>
      <div className="stack">
        {senders.length === 0 ? (
          <Empty title={words.lineNone}>{words.noneHow}</Empty>
        ) : (
          <SenderTable tenantId={tenantId} senders={senders} />
        )}
        {role === 'viewer' ? null : (
          <details open={senders.length === 0}>
            <summary>{words.add}</summary>
            <AddSender tenantId={tenantId} />
          </details>
        )}
      </div>
    </Section>
  );
}

export function AddSender({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(senderWords);
  const { lang } = useScreen();
  const { ofTenant } = usePerson();
  const client = useQueryClient();
  const form = useForm(['address']);
  const [address, setAddress] = useState('');
  const [confirm, setConfirm] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const wish = ofTenant ? { lang } : { confirm, lang };
      const made = await post<Sender>(`/v1/tenants/${tenantId}/senders`, { address: address.trim(), ...wish });
      await client.invalidateQueries({ queryKey: ['tenant', tenantId, 'senders'] });
      setAddress('');
      sayResult(made.confirmation === null ? words.added(made.address) : words.confirmed(made.address));
    });
  };
  return (
    <form className="form bar" onSubmit={submit}>
      <TextField
        label={words.address}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        wrong={form.wrong('address')}
        required
        spellCheck={false}
        autoCapitalize="none"
      />
      {ofTenant ? null : <CheckField label={words.addConfirm} checked={confirm} onChange={setConfirm} />}
      <FormFoot verb={words.addVerb} busy={form.busy} refused={form.refused} main={false} />
    </form>
  );
}
