// This file changes a bounce mailbox's name, settings and password.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch } from '../api/client.ts';
import type { Mailbox } from '../api/schema.gen.ts';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { mailboxWords } from '../words/mailboxes.ts';
import { goesElsewhere } from './account-fields.ts';
import { MAILBOX_NAMES, mailboxSettings, storedMailbox } from './mailbox-fields.ts';
import { MailboxFields } from './mailbox-form.tsx';

export function MailboxSettings({ mailbox }: { readonly mailbox: Mailbox }) {
  const words = useWords(mailboxWords);
  const person = usePerson();
  const client = useQueryClient();
  const form = useForm(MAILBOX_NAMES);
  const [name, setName] = useState(mailbox.name);
  const [values, setValues] = useState(storedMailbox(mailbox.settings));
  if (!mayMake('mailbox', person)) return null;
  const byPassword = mailbox.settings['token_url'] === undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const secret = values.password === '' ? {} : { secret: { password: values.password } };
      await patch(`/v1/mailboxes/${mailbox.id}`, { name: name.trim(), settings: mailboxSettings(values), ...secret });
      await client.invalidateQueries({ queryKey: ['mailboxes'] });
      setValues({ ...values, password: '' });
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
        <MailboxFields
          values={values}
          onChange={setValues}
          wrong={form.wrong}
          stored
          moved={byPassword && goesElsewhere(storedMailbox(mailbox.settings), values)}
        />
        <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
      </form>
    </Section>
  );
}
