// This file shows, before anything is handed in, as whom mail from an address would go out, why, and what would be better.
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import type { SenderPreview as Preview } from '../api/schema.gen.ts';
import { Facts } from '../desk/facts.tsx';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Note } from '../desk/note.tsx';
import { Section } from '../desk/section.tsx';
import { useForm } from '../form.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { senderWords } from '../words/senders.words.ts';

export function SenderPreview({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(senderWords);
  const { ofTenant, role } = usePerson();
  const form = useForm(['from']);
  const [from, setFrom] = useState('');
  const [seen, setSeen] = useState<Preview | null>(null);
  if (role === 'viewer') return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      setSeen(null);
      setSeen(await post<Preview>('/v1/senders/preview', { from: from.trim(), ...(ofTenant ? {} : { tenant_id: tenantId }) }));
    });
  };
  return (
    <Section id="preview" title={words.preview} question={words.previewQuestion}>
      <div className="stack">
        <form className="form" onSubmit={submit}>
          <TextField
            label={words.from}
            hint={words.fromHint}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            wrong={form.wrong('from')}
            required
            spellCheck={false}
            autoCapitalize="none"
          />
          <FormFoot verb={words.show} busy={form.busy} refused={form.refused} main={false} />
        </form>
        <div role="status">{seen === null ? null : <Seen preview={seen} />}</div>
      </div>
    </Section>
  );
}

function Seen({ preview }: { preview: Preview }) {
  const words = useWords(senderWords);
  return (
    <div className="stack">
      <Facts
        facts={[
          [
            words.treated,
            <span key="from" className="any">
              {preview.from}
            </span>,
          ],
          ...(preview.reply_to === null
            ? []
            : [
                [
                  words.replyTo,
                  <span key="reply" className="any">
                    {preview.reply_to}
                  </span>,
                ] as const,
              ]),
          [words.because, preview.why],
        ]}
      />
      {preview.better === null ? null : <Note>{preview.better}</Note>}
    </div>
  );
}
