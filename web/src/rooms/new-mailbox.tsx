// This file adds a bounce mailbox.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import type { Mailbox } from '../api/schema.gen.ts';
import { A } from '../desk/a.tsx';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Page } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { mailboxWords } from '../words/mailboxes.words.ts';
import { pick } from '../words/words.ts';
import { FIRST_MAILBOX, MAILBOX_NAMES, mailboxSecret, mailboxSettings } from './mailbox-fields.ts';
import { MailboxFields } from './mailbox-form.tsx';

/** What is needed here? */
export function logLine(format: Pick<Format, 'lang'>): string {
  return pick(mailboxWords, format.lang).newAsk;
}

export function NewMailbox() {
  const words = useWords(mailboxWords);
  const format = useFormat();
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm(MAILBOX_NAMES);
  const [name, setName] = useState('');
  const [values, setValues] = useState(FIRST_MAILBOX);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const settings = mailboxSettings(values, false);
      const made = await post<Mailbox>('/v1/mailboxes', { name: name.trim(), settings, secret: mailboxSecret(values) });
      await client.invalidateQueries({ queryKey: ['mailboxes'] });
      sayResult(words.created(made.name));
      router.history.push(paths.mailbox(made.id));
    });
  };
  return (
    <Page title={words.newTitle} crumb={<A href={paths.mailboxes()}>{words.title}</A>} line={logLine(format)}>
      <form className="form bar" onSubmit={submit} autoComplete="off">
        <TextField
          label={words.name}
          hint={words.nameHint}
          value={name}
          onChange={(event) => setName(event.target.value)}
          wrong={form.wrong('name')}
          required
          maxLength={120}
        />
        <MailboxFields values={values} onChange={setValues} wrong={form.wrong} stored={false} />
        <FormFoot verb={words.create} busy={form.busy} refused={form.refused} />
      </form>
    </Page>
  );
}
