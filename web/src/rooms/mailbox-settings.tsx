// This file changes a bounce mailbox's name, settings and secrets.
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
import { mailboxWords } from '../words/mailboxes.words.ts';
import { goesElsewhere } from './account-fields.ts';
import { MAILBOX_NAMES, mailboxSecret, mailboxSettings, storedMailbox, withoutSecrets } from './mailbox-fields.ts';
import { MailboxFields } from './mailbox-form.tsx';

export function MailboxSettings({ mailbox }: { readonly mailbox: Mailbox }) {
  const words = useWords(mailboxWords);
  const person = usePerson();
  const client = useQueryClient();
  const form = useForm(MAILBOX_NAMES);
  const [name, setName] = useState(mailbox.name);
  const [values, setValues] = useState(storedMailbox(mailbox.settings));
  if (!mayMake('mailbox', person)) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const typed = mailboxSecret(values);
      const secret = Object.keys(typed).length === 0 ? {} : { secret: typed };
      await patch(`/v1/mailboxes/${mailbox.id}`, { name: name.trim(), settings: mailboxSettings(values, true), ...secret });
      await client.invalidateQueries({ queryKey: ['mailboxes'] });
      setValues(withoutSecrets(values));
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
          moved={goesElsewhere(storedMailbox(mailbox.settings), values)}
        />
        <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
      </form>
    </Section>
  );
}
