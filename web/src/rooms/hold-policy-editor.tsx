// This file shows the rules of holds as sentences and lets them be changed: first what the change would have done, then saving it.
import { type FormEvent, useState } from 'react';
import { post, put, remove } from '../api/client.ts';
import type { DryRun, HoldPolicy, HoldRule } from '../api/feedback-model.ts';
import { useClassNames } from '../class-words.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { holdPolicyWords } from '../words/hold-policy.words.ts';
import { capital } from '../words/words.ts';
import { ruleAnswers, ruleSentence } from './hold-policy.log.ts';
import { HoldRuleForm, problemsOf } from './hold-rule-form.tsx';

interface EditorProps {
  readonly policy: HoldPolicy;
  /** Whose rules an operator edits; null for the platform's, and for a tenant's own people. */
  readonly tenant: string | null;
  readonly dry: DryRun | null;
  readonly onDry: (dry: DryRun | null) => void;
  readonly onSaved: () => Promise<void>;
}

const FRESH: HoldRule = { classes: [], failures: 1, over_days: 0, hold_days: 30, streams: 'all', doubles: true };

export function HoldPolicyEditor({ policy, tenant, dry, onDry, onSaved }: EditorProps) {
  const words = useWords(holdPolicyWords);
  const person = usePerson();
  const form = useForm([]);
  const [rules, setRules] = useState<readonly HoldRule[]>(policy.rules);
  const [open, setOpen] = useState<number | null>(null);
  const changed = JSON.stringify(rules) !== JSON.stringify(policy.rules);
  const well = rules.every((rule) => Object.keys(problemsOf(rule)).length === 0);
  // People of an organisation see the rules; the platform sets them.
  const edit = !person.ofTenant && mayMake('hold', person);
  const whose = tenant === null ? {} : { tenant_id: tenant };
  const change = (next: readonly HoldRule[]) => {
    setRules(next);
    onDry(null);
  };
  const look = () => form.run(async () => onDry(await post<DryRun>('/v1/hold-policy/dry-run', { ...whose, rules })));
  const save = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      await put('/v1/hold-policy', { ...whose, rules });
      sayResult(words.saved);
      await onSaved();
    });
  };
  const back = async () => {
    await remove(`/v1/hold-policy${tenant === null ? '' : `?tenant_id=${encodeURIComponent(tenant)}`}`);
    sayResult(words.backDone);
    await onSaved();
  };
  return (
    <form onSubmit={save}>
      <Section id="rules" title={words.rules} question={words.rulesQuestion}>
        <div className="stack">
          <div className="sheet">
            <table className="tbl flow rules">
              <caption className="sr">{words.rules}</caption>
              <tbody>
                {rules.map((rule, index) => (
                  <RuleRows
                    // A rule has no name of its own but its place.
                    // biome-ignore lint/suspicious/noArrayIndexKey: rules are edited in place.
                    key={index}
                    rule={rule}
                    capDays={policy.cap_days}
                    open={open === index}
                    editable={edit}
                    onOpen={() => setOpen(open === index ? null : index)}
                    onChange={(next) => change(rules.map((one, at) => (at === index ? next : one)))}
                    onDrop={() => {
                      setOpen(null);
                      change(rules.filter((_, at) => at !== index));
                    }}
                  />
                ))}
              </tbody>
            </table>
          </div>
          <p className="small faint">{words.reset}</p>
          {edit ? (
            <div className="btns">
              <Button
                onClick={() => {
                  change([...rules, FRESH]);
                  setOpen(rules.length);
                }}
              >
                {words.add}
              </Button>
              {changed ? (
                <Button
                  kind="quiet"
                  onClick={() => {
                    setOpen(null);
                    change(policy.rules);
                  }}
                >
                  {words.forget}
                </Button>
              ) : null}
              {policy.inherited ? null : (
                <Confirm
                  label={tenant === null ? words.backHouse : words.back}
                  kind="quiet"
                  door={{ door: 'open' }}
                  title={words.backTitle}
                  body={words.backBody}
                  verb={words.backVerb}
                  act={back}
                />
              )}
            </div>
          ) : null}
        </div>
      </Section>
      {edit ? (
        <Section id="dry" title={words.dry} question={words.dryQuestion}>
          <div className="stack">
            <div role="status">{dry === null ? null : <DryResult dry={dry} />}</div>
            {form.refused === null ? null : (
              <p role="alert" className="st danger">
                {form.refused}
              </p>
            )}
            <div className="btns">
              <Button
                kind={dry === null ? 'main' : 'plain'}
                busy={form.busy}
                door={well ? { door: 'open' } : { door: 'closed', reason: words.wrongClasses }}
                onClick={() => void look()}
              >
                {words.dryRun}
              </Button>
              {changed ? (
                <Button
                  type="submit"
                  kind={dry === null ? 'plain' : 'main'}
                  busy={form.busy}
                  door={dry === null ? { door: 'closed', reason: words.saveFirst } : { door: 'open' }}
                >
                  {words.save}
                </Button>
              ) : null}
            </div>
          </div>
        </Section>
      ) : null}
    </form>
  );
}

interface RuleProps {
  readonly rule: HoldRule;
  readonly capDays: number;
  readonly open: boolean;
  readonly editable: boolean;
  readonly onOpen: () => void;
  readonly onChange: (rule: HoldRule) => void;
  readonly onDrop: () => void;
}

function RuleRows({ rule, capDays, open, editable, onOpen, onChange, onDrop }: RuleProps) {
  const words = useWords(holdPolicyWords);
  const format = useFormat();
  const answers = rule.classes.length === 0 ? words.newRule : capital(ruleAnswers(rule, format));
  return (
    <>
      <tr className={open ? 'at' : undefined}>
        <td className="head" data-l="">
          {answers}
        </td>
        <td data-l={words.consequence}>{ruleSentence(rule, capDays, format)}</td>
        {editable ? (
          <td className="num acts" data-l="">
            <Button kind="quiet" aria-expanded={open} aria-label={`${open ? words.ready : words.edit}: ${answers}`} onClick={onOpen}>
              {open ? words.ready : words.edit}
            </Button>
          </td>
        ) : null}
      </tr>
      {open ? (
        <tr>
          <td colSpan={3} data-l="" className="acts">
            <HoldRuleForm rule={rule} onChange={onChange} onDrop={onDrop} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function DryResult({ dry }: { dry: DryRun }) {
  const now = useNow();
  const words = useWords(holdPolicyWords);
  const format = useFormat();
  const className = useClassNames();
  if (dry.held === 0) return <p className="under">{words.dryNone}</p>;
  return (
    <div className="stack">
      <p className="mute">
        {words.dryOf(format.int(dry.of_addresses), format.int(dry.days))}
        {dry.sampled && dry.read_since !== null ? ` ${words.drySampled(format.since(Date.parse(dry.read_since), now))}` : ''}
      </p>
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.dry}</caption>
          <thead>
            <tr>
              <th scope="col">{words.reason}</th>
              <th scope="col" className="num">
                {words.held}
              </th>
              <th scope="col" className="num">
                {words.later}
              </th>
            </tr>
          </thead>
          <tbody>
            {dry.by_class.map((row) => (
              <tr key={row.class}>
                <td className="head" data-l="">
                  {capital(className(row.class))}
                </td>
                <td className="num" data-l={words.held}>
                  {format.int(row.held)}
                </td>
                <td className="num" data-l={words.later}>
                  {format.cell(row.later_delivered)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
