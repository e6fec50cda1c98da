// This file hands in a report about a domain as a file, and says what became of it.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { upload } from '../api/client.ts';
import type { ReportsTaken } from '../api/reports-model.ts';
import { FormFoot } from '../desk/form-foot.tsx';
import { useForm } from '../form.ts';
import { useWords } from '../screen.ts';
import { reportWords } from '../words/reports.words.ts';

/** `tenantId` null: their own organisation, or whoever owns the domain. */
export function HandInReport({ tenantId }: { readonly tenantId: string | null }) {
  const words = useWords(reportWords);
  const id = useId();
  const client = useQueryClient();
  const form = useForm([]);
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [taken, setTaken] = useState<ReportsTaken | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file === null) {
      setWrong(words.fileNone);
      return;
    }
    void form.run(async () => {
      const query = tenantId === null ? '' : `?${new URLSearchParams({ tenant_id: tenantId })}`;
      setTaken(await upload<ReportsTaken>(`/v1/domain-reports${query}`, file));
      await client.invalidateQueries({ queryKey: ['domain-reports'] });
    });
  };
  return (
    <form className="form bar" onSubmit={submit}>
      <div className="field">
        <label htmlFor={id}>{words.file}</label>
        <input
          id={id}
          type="file"
          className="input"
          accept=".xml,.json,.zip,.gz,.eml,application/xml,application/json,application/zip,application/gzip,message/rfc822"
          aria-describedby={`${id}-hint`}
          aria-invalid={wrong === null ? undefined : true}
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? null);
            setWrong(null);
            setTaken(null);
          }}
        />
        <span id={`${id}-hint`} className={wrong === null ? 'hint' : 'wrong'}>
          {wrong ?? words.fileHint}
        </span>
      </div>
      <FormFoot verb={words.handVerb} busy={form.busy} refused={form.refused} main={false} />
      <div role="status">{taken === null ? null : <Taken taken={taken} />}</div>
    </form>
  );
}

function Taken({ taken }: { taken: ReportsTaken }) {
  const words = useWords(reportWords);
  const stored = taken.data.filter((report) => report.outcome !== 'duplicate').length;
  const before = taken.data.length - stored;
  return (
    <>
      {stored === 0 ? null : <p>{words.taken(stored)}</p>}
      {before === 0 ? null : <p>{words.takenBefore(before)}</p>}
      {taken.refused.map((refusal) => (
        <p key={`${refusal.code} ${refusal.message}`} className="danger">
          {refusal.message} {refusal.hint}
        </p>
      ))}
    </>
  );
}
