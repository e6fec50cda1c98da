// This file imports a list of addresses to put on hold: choose the file, see how it begins and what it would do, then what was done and which
// lines could not be read.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useSearch } from '../address.ts';
import { upload } from '../api/client.ts';
import type { ImportResult } from '../api/feedback-model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { canMakeFor, type Door } from '../can.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { SelectField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Page } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { holdsWords } from '../words/holds.words.ts';
import { pick } from '../words/words.ts';

/** Lines of the file shown before anything is done. */
const PREVIEW_LINES = 8;
/** Refused lines shown; more than these are one mistake in the whole file. */
const REFUSED_MAX = 200;
/** The most the API takes at once, bytes. */
const FILE_MAX = 64_000_000;
const FORMATS = ['csv', 'sparkpost', 'elastic-email', 'mandrill'] as const;
const MAKERS = { sparkpost: 'SparkPost', 'elastic-email': 'Elastic Email', mandrill: 'Mandrill' } as const;
type FileFormat = (typeof FORMATS)[number];

interface Chosen {
  readonly file: File;
  readonly lines: number;
  readonly begins: string;
}

/** What follows from it, what would it do, and after that: what was done? */
export function logLine(done: ImportResult | null, format: Format): string {
  const say = pick(holdsWords, format.lang);
  if (done === null) return say.importLine;
  const added = format.int(done.added);
  if (done.dry_run) {
    return done.refused_count === 0
      ? say.importTried(added, format.int(done.already))
      : say.importTriedRefused(added, format.int(done.refused_count));
  }
  return done.refused_count === 0
    ? say.importDone(added, format.int(done.already))
    : say.importRefused(added, format.int(done.refused_count));
}

export function ImportHolds() {
  const words = useWords(holdsWords);
  const format = useFormat();
  const [done, setDone] = useState<ImportResult | null>(null);
  return (
    <Page title={words.importTitle} crumb={<A href={paths.holds()}>{words.title}</A>} line={logLine(done, format)}>
      {done === null || done.dry_run ? (
        <>
          <ImportForm onResult={setDone} />
          {done === null ? null : <Columns result={done} />}
          {done === null ? null : <Refused result={done} how={words.triedHow} />}
        </>
      ) : (
        <Done done={done} onAgain={() => setDone(null)} />
      )}
    </Page>
  );
}

/** `onResult` hears what was done or would be, and null when what was tried is not what stands there any more. */
function ImportForm({ onResult }: { onResult: (result: ImportResult | null) => void }) {
  const words = useWords(holdsWords);
  const format = useFormat();
  const { ofTenant } = usePerson();
  const client = useQueryClient();
  const form = useForm(['format', 'tenant_id']);
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant }).data?.data ?? [];
  const asked = useSearch()['tenant'];
  const [whose, setWhose] = useState<string | null>(asked ?? null);
  const [kind, setKind] = useState<FileFormat>('csv');
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const tenant = whose ?? tenants[0]?.id ?? '';
  const door: Door = ofTenant ? { door: 'open' } : canMakeFor(tenant, format.lang);
  const most = format.bytes(FILE_MAX);
  const choose = async (file: File | undefined) => {
    onResult(null);
    setChosen(null);
    setWrong(null);
    if (file === undefined) return;
    if (file.size > FILE_MAX) setWrong(words.fileBig(most));
    else setChosen(await begin(file));
  };
  const hand = (dry: boolean) => {
    if (chosen === null) {
      setWrong(wrong ?? words.fileNone);
      return;
    }
    void form.run(async () => {
      const query = new URLSearchParams({ format: kind, ...(ofTenant ? {} : { tenant_id: tenant }), ...(dry ? { dry_run: 'true' } : {}) });
      const result = await upload<ImportResult>(`/v1/suppressions/import?${query}`, chosen.file);
      if (!dry) await client.invalidateQueries({ queryKey: ['suppressions'] });
      onResult(result);
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    hand(false);
  };
  return (
    <form className="form bar" onSubmit={submit}>
      {ofTenant ? null : (
        <SelectField
          label={words.whose}
          value={tenant}
          onChange={(id) => {
            onResult(null);
            setWhose(id);
          }}
          wrong={form.wrong('tenant_id')}
          options={tenants.map((row) => [row.id, row.name])}
        />
      )}
      <SelectField
        label={words.format}
        value={kind}
        onChange={(value) => {
          onResult(null);
          setKind(FORMATS.find((one) => one === value) ?? 'csv');
        }}
        wrong={form.wrong('format')}
        options={FORMATS.map((one) => [one, one === 'csv' ? words.formatCsv : MAKERS[one]])}
      />
      <FileField label={words.file} hint={words.fileHint(most)} wrong={wrong} onChoose={(file) => void choose(file)} />
      {chosen === null ? null : (
        <div className="field">
          <span className="label">{words.preview}</span>
          <pre className="said">{chosen.begins}</pre>
          <span className="hint">{words.previewHow(format.int(chosen.lines))}</span>
        </div>
      )}
      <FormFoot verb={words.importVerb} busy={form.busy} refused={form.refused} door={door}>
        <Button busy={form.busy} door={door} onClick={() => hand(true)}>
          {words.importTry}
        </Button>
      </FormFoot>
    </form>
  );
}

/** Reads how the file begins and how long it is, without keeping it. */
async function begin(file: File): Promise<Chosen> {
  const lines = (await file.text()).split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return { file, lines: lines.length, begins: lines.slice(0, PREVIEW_LINES).join('\n').slice(0, 2_000) };
}

function FileField({
  label,
  hint,
  wrong,
  onChoose,
}: {
  label: string;
  hint: string;
  wrong: string | null;
  onChoose: (file: File | undefined) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        className="input"
        accept=".csv,.txt,.json,text/csv,text/plain,application/json"
        aria-describedby={`${id}-hint`}
        aria-invalid={wrong === null ? undefined : true}
        onChange={(event) => onChoose(event.target.files?.[0])}
      />
      <span id={`${id}-hint`} className={wrong === null ? 'hint' : 'wrong'}>
        {wrong ?? hint}
      </span>
    </div>
  );
}

function Done({ done, onAgain }: { done: ImportResult; onAgain: () => void }) {
  const words = useWords(holdsWords);
  return (
    <>
      <div className="btns bar">
        <A className="btn main" href={paths.holds()}>
          {words.toList}
        </A>
        <Button onClick={onAgain}>{words.again}</Button>
      </div>
      <Columns result={done} />
      <Refused result={done} how={words.refusedHow} />
    </>
  );
}

/** What the columns were taken for, where that may not be what was meant. */
function Columns({ result }: { result: ImportResult }) {
  const words = useWords(holdsWords);
  if (result.columns === null) return null;
  const { named, read, not_read: left } = result.columns;
  return (
    <>
      {named ? null : <p className="small">{words.columnsTaken(read.join(', '))}</p>}
      {left.length === 0 ? null : <p className="small">{words.columnsLeft(left.join(', '))}</p>}
    </>
  );
}

function Refused({ result, how }: { result: ImportResult; how: string }) {
  const words = useWords(holdsWords);
  const format = useFormat();
  const more = result.refused_count - Math.min(result.refused.length, REFUSED_MAX);
  if (result.refused_count === 0) return null;
  return (
    <Section id="refused" title={words.refusedTitle} question={how}>
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.refusedTitle}</caption>
          <thead>
            <tr>
              <th scope="col">{words.content}</th>
              <th scope="col" className="num">
                {words.line}
              </th>
              <th scope="col">{words.wrong}</th>
            </tr>
          </thead>
          <tbody>
            {result.refused.slice(0, REFUSED_MAX).map((refusal) => (
              <tr key={`${refusal.line} ${refusal.address}`}>
                <td className="head wire" data-l="">
                  {refusal.address ?? '·'}
                </td>
                <td className="num" data-l={words.line}>
                  {format.int(refusal.line)}
                </td>
                <td data-l={words.wrong}>{refusal.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 ? <p className="small faint">{words.refusedMore(format.int(more))}</p> : null}
    </Section>
  );
}
