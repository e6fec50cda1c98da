// This file adds a tenant.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import type { Tenant } from '../api/model.ts';
import { A } from '../desk/a.tsx';
import { ChoiceField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Page } from '../desk/page.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { tenantsWords } from '../words/tenants.words.ts';
import { pick } from '../words/words.ts';

/** What is needed here? */
export function logLine(_data: null, format: Pick<Format, 'lang'>): string {
  return pick(tenantsWords, format.lang).newLine;
}

export function NewTenant() {
  const words = useWords(tenantsWords);
  const { lang } = useScreen();
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm(['name', 'uncertain_policy']);
  const [name, setName] = useState('');
  const [policy, setPolicy] = useState<'house' | 'resend' | 'hold'>('house');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const made = await post<Tenant>('/v1/tenants', { name, ...(policy === 'house' ? {} : { uncertain_policy: policy }) });
      await client.invalidateQueries({ queryKey: ['tenants'] });
      sayResult(words.created(made.name));
      router.history.push(paths.tenant(made.id));
    });
  };
  return (
    <Page title={words.newTitle} crumb={<A href={paths.tenants()}>{words.title}</A>} line={logLine(null, { lang })}>
      <form className="form bar" onSubmit={submit}>
        <TextField
          label={words.newName}
          hint={words.newNameHint}
          value={name}
          onChange={(event) => setName(event.target.value)}
          wrong={form.wrong('name')}
          required
          maxLength={200}
        />
        <ChoiceField
          label={words.newUncertain}
          name="policy"
          value={policy}
          onChange={setPolicy}
          wrong={form.wrong('uncertain_policy')}
          options={[
            { value: 'house', title: words.house },
            { value: 'resend', title: words.newResend, text: words.newResendText },
            { value: 'hold', title: words.newHold, text: words.newHoldText },
          ]}
        />
        <FormFoot verb={words.create} busy={form.busy} refused={form.refused} />
      </form>
    </Page>
  );
}
