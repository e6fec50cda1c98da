// This file helps to publish a domain's records: a letter to whoever runs the website, steps for the DNS host, the zone file snippet.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { instructionsQuery } from '../api/domain-queries.ts';
import type { Domain, DomainInstructions } from '../api/schema.gen.ts';
import { Button } from '../desk/button.tsx';
import { Copy, copyText } from '../desk/copy.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { SelectField } from '../desk/field.tsx';
import { Section } from '../desk/section.tsx';
import { Switch } from '../desk/switch.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useScreen, useWords } from '../screen.ts';
import { publishWords } from '../words/domains.words.ts';
import type { Lang } from '../words/words.ts';

export function DomainPublish({ domain }: { readonly domain: Domain }) {
  const words = useWords(publishWords);
  const { lang } = useScreen();
  const [letterLang, setLetterLang] = useState<Lang>(lang);
  const [host, setHost] = useState<string | null>(null);
  const query = useQuery(instructionsQuery(domain.id, host, lang));
  const letter = useQuery(instructionsQuery(domain.id, host, letterLang));
  // While another host is asked for, the steps of the one before stay.
  const [kept, setKept] = useState<DomainInstructions | null>(null);
  if (query.data !== undefined && query.data !== kept) setKept(query.data);
  const shown = query.data ?? kept;
  return (
    <Section id="publish" title={words.title} question={words.question}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.what} onRetry={() => void query.refetch()} />}
      {shown === null ? null : (
        <div className="cols c2">
          <Letter message={(letter.data ?? shown).message} lang={letterLang} onLang={setLetterLang} />
          <Steps instructions={shown} onHost={setHost} />
        </div>
      )}
    </Section>
  );
}

interface LetterProps {
  readonly message: DomainInstructions['message'];
  readonly lang: Lang;
  readonly onLang: (lang: Lang) => void;
}

function Letter({ message, lang, onLang }: LetterProps) {
  const words = useWords(publishWords);
  const copy = async () => {
    if (await copyText(`${message.subject}\n\n${message.text}`)) sayResult(words.copied);
  };
  const mail = `mailto:?${new URLSearchParams({ subject: message.subject, body: message.text }).toString().replaceAll('+', '%20')}`;
  return (
    <div className="sheet pad stack letter">
      <b>{words.letter}</b>
      <Switch
        label={words.letterLang}
        value={lang}
        options={[
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        onChange={onLang}
      />
      <p>
        <span className="faint">{words.subject}</span> {message.subject}
      </p>
      <div className="text" lang={lang}>
        {message.text}
      </div>
      <div className="btns">
        <Button onClick={() => void copy()}>{words.copyLetter}</Button>
        <a className="btn quiet" href={mail}>
          {words.openMail}
        </a>
      </div>
    </div>
  );
}

function Steps({ instructions, onHost }: { instructions: DomainInstructions; onHost: (host: string) => void }) {
  const words = useWords(publishWords);
  const { host, hosts, steps, zone_file: zone, mta_sts_policy: policy } = instructions;
  return (
    <div className="stack">
      <SelectField
        label={words.choose}
        {...(host.detected ? { hint: words.detected(host.name) } : {})}
        value={host.id}
        options={hosts.map((one) => [one.id, one.name])}
        onChange={onHost}
      />
      <ol className="todo" aria-label={words.steps}>
        {steps.map((step, index) => (
          // Steps have no name of their own; two may say the same.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole.
          <li key={index}>
            <p>{step.text}</p>
            {step.fields.length === 0 ? null : (
              <dl className="pairs">
                {step.fields.map((field) => (
                  <Pair key={field.label} label={field.label} value={field.value} />
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
      {zone === '' ? null : (
        <details>
          <summary>{words.zone}</summary>
          <Snippet text={zone} what={words.zoneCopy} />
        </details>
      )}
      {policy === null ? null : (
        <details>
          <summary>{words.policy}</summary>
          <Snippet text={policy} what={words.policy} />
        </details>
      )}
    </div>
  );
}

function Pair({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value === '' ? '·' : <Copy text={value} what={label} />}</dd>
    </>
  );
}

function Snippet({ text, what }: { text: string; what: string }) {
  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region. */}
      <section className="sheet source" tabIndex={0} aria-label={what}>
        <pre className="wire">{text}</pre>
      </section>
      <Copy text={text} what={what} bare />
    </div>
  );
}
