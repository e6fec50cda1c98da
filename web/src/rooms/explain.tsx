// This file explains what a mail server said: the verdict in words, whose turn it is, and the rule that decided.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSearch } from '../address.ts';
import { post } from '../api/client.ts';
import type { Verdict } from '../api/feedback-model.ts';
import { useClassNames } from '../class-words.ts';
import { Facts } from '../desk/facts.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { TextArea } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Page } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { faultOf } from '../states.ts';
import { turnOf } from '../turn.ts';
import { explainWords } from '../words/explain.words.ts';
import { capital, pick } from '../words/words.ts';

/** The most the API reads of one reply, letters. */
const REPLY_MAX = 20_000;

/** Whose turn is it, and does it hold the address? */
export function logLine(verdict: Pick<Verdict, 'fault' | 'suppress'> | null, format: Pick<Format, 'lang'>): string {
  const say = pick(explainWords, format.lang);
  if (verdict === null) return say.ask;
  const fault = faultOf(verdict.fault);
  const turn = fault === null ? say.nobodys : say[turnOf(fault)];
  return `${turn} ${verdict.suppress ? say.hold : say.noHold}`;
}

export function Explain() {
  const words = useWords(explainWords);
  const { lang } = useScreen();
  const form = useForm(['reply']);
  const asked = useSearch()['reply'] ?? '';
  const [reply, setReply] = useState(asked);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const run = (text: string) => form.run(async () => setVerdict(await post<Verdict>('/v1/explain/bounce', { reply: text, lang })));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(reply);
  };
  // A reply in the address is read at once: the palette leads here with one. Another language reads the same reply anew.
  const latest = useRef({ run, reply });
  latest.current = { run, reply };
  useEffect(() => {
    if (asked !== '') setReply(asked);
    if (asked !== '') void latest.current.run(asked);
  }, [asked]);
  const read = useRef(lang);
  useEffect(() => {
    if (read.current !== lang && latest.current.reply !== '') void latest.current.run(latest.current.reply);
    read.current = lang;
  }, [lang]);
  return (
    <Page title={words.title} crumb={<span>{words.title}</span>} line={logLine(verdict, { lang })}>
      <form className="form bar" onSubmit={submit}>
        <TextArea
          label={words.reply}
          hint={words.replyHint}
          value={reply}
          onChange={(event) => setReply(event.target.value)}
          wrong={form.wrong('reply')}
          maxLength={REPLY_MAX}
          required
          spellCheck={false}
          autoCapitalize="none"
        />
        <FormFoot verb={words.verb} busy={form.busy} refused={form.refused} />
      </form>
      <div role="status">{verdict === null ? null : <Told verdict={verdict} />}</div>
    </Page>
  );
}

function Told({ verdict }: { verdict: Verdict }) {
  const words = useWords(explainWords);
  const className = useClassNames();
  const { ofTenant } = usePerson();
  const fault = faultOf(verdict.fault);
  const codes = [verdict.code, verdict.enhanced].filter((code) => code !== '').join(' ');
  return (
    <Section id="verdict" title={words.verdict} question={words.verdictQuestion}>
      <div className="sheet pad verdict">
        <p className="words">{verdict.words.volunteer}</p>
        <p>
          <b>{words.next}:</b> {verdict.words.next}
        </p>
        {ofTenant ? null : (
          <p className="mute">
            <b>{words.developer}:</b> {verdict.words.developer}
          </p>
        )}
        <Facts
          facts={[
            [words.class, `${capital(className(verdict.class))} (${verdict.class})`],
            [words.fault, fault === null ? words.nobodys : <FaultTag key="fault" fault={fault} />],
            [words.kind, words[verdict.bounce_type]],
            [words.suppress, verdict.suppress ? words.yes : words.no],
            [words.code, codes === '' ? words.noCode : codes],
            [words.rule2, verdict.rule === '' ? words.noRule : verdict.rule],
          ]}
        />
      </div>
    </Section>
  );
}
