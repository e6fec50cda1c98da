// This file shows the safe path of a domain's DMARC policy: where it stands, the next safe step with its record and evidence, or what stands
// before it.
import type { DmarcView } from '../api/reports-model.ts';
import { Copy } from '../desk/copy.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { Note } from '../desk/note.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { useWords } from '../screen.ts';
import { dmarcWords } from '../words/reports.words.ts';
import type { Words } from '../words/words.ts';

const POLICIES = ['none', 'quarantine', 'reject'] as const;

export function DmarcPath({ view }: { readonly view: DmarcView }) {
  const words = useWords(dmarcWords);
  const { policy, testing, next, blockers, evidence } = view.safe_path;
  return (
    <Section id="path" title={words.path} question={words.pathQuestion}>
      <div className="stack">
        {policy === null ? <p className="mute">{words.unknownPolicy}</p> : <Steps policy={policy} testing={testing} />}
        {evidence === '' ? null : <p className="prose">{evidence}</p>}
        {next === null ? null : (
          <Note actions={<Copy text={next.record} what={words.record} />}>
            {words.nextStep(policyWords(next.policy, next.testing, words))} {next.evidence}
          </Note>
        )}
        {next === null && blockers.length > 0 ? <Blockers blockers={blockers} /> : null}
        {next === null && blockers.length === 0 && policy === 'reject' ? <p>{words.end}</p> : null}
      </div>
    </Section>
  );
}

function Steps({ policy, testing }: { policy: string; testing: boolean }) {
  const words = useWords(dmarcWords);
  const names: readonly string[] = POLICIES;
  const at = names.indexOf(policy);
  return (
    <ol className="steps">
      {POLICIES.map((one, index) => (
        <li key={one} className={index === at ? 'here' : undefined} aria-current={index === at ? 'step' : undefined}>
          <Glyph name={index <= at ? 'delivered' : 'queued'} /> {words[one]}
          {index === at && testing ? `, ${words.testing}` : ''}
        </li>
      ))}
    </ol>
  );
}

function policyWords(policy: string, testing: boolean, words: Words<typeof dmarcWords>): string {
  const known = POLICIES.find((one) => one === policy);
  const name = known === undefined ? policy : words[known];
  return testing ? `${name}, ${words.testing}` : name;
}

function Blockers({ blockers }: { blockers: DmarcView['safe_path']['blockers'] }) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  return (
    <div>
      <h3 className="sub">{words.blockers}</h3>
      <ol className="todo">
        {blockers.map((blocker) => (
          <li key={`${blocker.code} ${blocker.source}`}>
            <p>
              {blocker.source === null ? null : (
                <>
                  <b className="any">{blocker.source}</b> <span className="faint">({format.int(blocker.messages)})</span>{' '}
                </>
              )}
              {blocker.why}
            </p>
            {blocker.next_step === '' ? null : <p className="mute">{blocker.next_step}</p>}
          </li>
        ))}
      </ol>
    </div>
  );
}
