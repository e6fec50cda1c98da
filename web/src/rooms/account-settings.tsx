// This file changes a provider account's name, settings and keys.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch } from '../api/client.ts';
import type { ProviderAccount } from '../api/model.ts';
import { can } from '../can.ts';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { accountFormWords } from '../words/account-form.words.ts';
import { emptied, goesElsewhere, halvesOf, storedValues } from './account-fields.ts';
import { AccountFields, fieldNames } from './account-form.tsx';

export function AccountSettings({ account }: { readonly account: ProviderAccount }) {
  const words = useWords(accountFormWords);
  const { lang } = useScreen();
  const person = usePerson();
  const client = useQueryClient();
  const form = useForm(['name', ...fieldNames(account.provider)]);
  const [name, setName] = useState(account.name);
  const stored = storedValues(account.provider, account.settings);
  const [values, setValues] = useState(stored);
  if (can('editAccount', account.state, person, lang).door !== 'open') return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const { settings, secret } = halvesOf(account.provider, values, true);
      await patch(`/v1/provider-accounts/${account.id}`, { name, settings, ...(Object.keys(secret).length === 0 ? {} : { secret }) });
      await Promise.all([
        client.invalidateQueries({ queryKey: ['account', account.id] }),
        client.invalidateQueries({ queryKey: ['accounts'] }),
      ]);
      setValues((typed) => ({ ...typed, ...emptied(account.provider) }));
      sayResult(words.saved);
    });
  };
  return (
    <Section id="settings" title={words.settings} question={words.settingsQuestion}>
      <form className="form" onSubmit={submit} autoComplete="off">
        <TextField
          label={words.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          wrong={form.wrong('name')}
          required
          maxLength={120}
        />
        <AccountFields
          provider={account.provider}
          values={values}
          onChange={setValues}
          wrong={form.wrong}
          stored
          moved={goesElsewhere(stored, values)}
        />
        <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
      </form>
    </Section>
  );
}
