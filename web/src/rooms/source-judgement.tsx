// This file lets a person say at a source whose it is, in place and by keyboard: a word opens a line for what they call it, Enter says it, Esc leaves it, and what was said
// can be taken back.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { put, remove } from '../api/client.ts';
import type { Source } from '../api/reports-model.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { judgementWords } from '../words/judgements.words.ts';

/** As the API has it. */
const NOTE_CHARS_MAX = 80;

type Verdict = NonNullable<Source['judgement']>['verdict'];

interface SourceJudgementProps {
  readonly domain: string;
  readonly source: Source;
  /** Days shown: where the source is found again. */
  readonly range: { readonly from: string; readonly to: string };
}

export function SourceJudgement({ domain, source, range }: SourceJudgementProps) {
  const words = useWords(judgementWords);
  const desk = useWords(deskWords);
  const client = useQueryClient();
  const { role } = usePerson();
  const { id, name, judgement } = source;
  if (id === null) return null;
  const address = `/v1/domains/${domain}/dmarc/sources/${id}`;
  const tell = async (work: Promise<unknown>, done: string, undo?: () => void) => {
    try {
      await work;
      sayResult(done, undo);
      return true;
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
      return false;
    } finally {
      await client.invalidateQueries({ queryKey: ['domains', domain, 'dmarc'] });
    }
  };
  const say = (verdict: Verdict, note: string) =>
    tell(
      put(address, { verdict, note, from: range.from, to: range.to }),
      verdict === 'ours' ? words.saidOurs(name) : words.saidNotOurs(name),
    );
  const takeBack = (said: NonNullable<Source['judgement']>) =>
    void tell(remove(address), words.takenBack(name), () => void say(said.verdict, said.note));
  if (judgement !== null) {
    return (
      <div className="small">
        <Said judgement={judgement} />{' '}
        {role === 'viewer' ? null : (
          <Button kind="quiet" aria-label={`${words.takeBack}: ${name}`} onClick={() => takeBack(judgement)}>
            {words.takeBack}
          </Button>
        )}
      </div>
    );
  }
  // What carries this desk's own marks is ours without anybody's word.
  return role === 'viewer' || source.carries_ours ? null : <Ask source={source} say={say} />;
}

function Said({ judgement }: { judgement: NonNullable<Source['judgement']> }) {
  const words = useWords(judgementWords);
  const format = useFormat();
  const now = useNow();
  const { verdict, note, said_by: by, said_at: at, holds } = judgement;
  const who = by === 'platform' ? words.platform : by.startsWith('person:') ? by.slice('person:'.length) : words.program;
  return (
    <span>
      <b>{verdict === 'ours' ? words.isOurs : words.isNotOurs}</b>
      {note === '' ? null : <span className="any">: {note}</span>}{' '}
      <span className="faint any">{words.said(who, format.when(Date.parse(at), now))}</span>
      {holds ? null : <span> {words.countsAnyway}</span>}
    </span>
  );
}

function Ask({ source, say }: { source: Source; say: (verdict: Verdict, note: string) => Promise<boolean> }) {
  const words = useWords(judgementWords);
  const desk = useWords(deskWords);
  const [open, setOpen] = useState<Verdict | null>(null);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const around = useRef<HTMLDivElement>(null);
  const fieldId = useId();
  useEffect(() => {
    if (open !== null) field.current?.focus();
  }, [open]);
  const leave = () => {
    // The focus goes back to the word that opened the line.
    around.current?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
    setOpen(null);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (open === null || busy) return;
    setBusy(true);
    if (await say(open, note.trim())) setOpen(null);
    setBusy(false);
  };
  const choice = (verdict: Verdict, text: string) => (
    <Button
      kind="quiet"
      aria-label={`${text}: ${source.name}`}
      aria-expanded={open === verdict}
      onClick={() => setOpen(open === verdict ? null : verdict)}
    >
      {text}
    </Button>
  );
  return (
    <div ref={around}>
      <span className="btns">
        {choice('ours', words.ours)}
        {choice('not-ours', words.notOurs)}
      </span>
      {open === null ? null : (
        <form className="judge" onSubmit={(event) => void submit(event)}>
          <label htmlFor={fieldId} className="small">
            {open === 'ours' ? words.noteOurs : words.noteNotOurs}
          </label>
          <input
            ref={field}
            id={fieldId}
            className="input"
            value={note}
            maxLength={NOTE_CHARS_MAX}
            placeholder={open === 'ours' ? words.example : ''}
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') leave();
            }}
          />
          <span className="btns">
            <Button kind="main" type="submit" busy={busy}>
              {busy ? desk.working : open === 'ours' ? words.sayOurs : words.sayNotOurs}
            </Button>
            <Button onClick={leave}>{desk.cancel}</Button>
          </span>
        </form>
      )}
    </div>
  );
}
