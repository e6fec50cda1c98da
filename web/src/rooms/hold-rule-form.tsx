// This file edits one rule of the policy of holds.
import type { HoldRule } from '../api/feedback-model.ts';
import { useClassNames } from '../class-words.ts';
import { Button } from '../desk/button.tsx';
import { CheckField, ChecksField, SelectField, TextField } from '../desk/field.tsx';
import { useWords } from '../screen.ts';
import { holdPolicyWords } from '../words/hold-policy.words.ts';
import { HOLD_CLASSES } from './hold-reasons.ts';

interface RuleFormProps {
  readonly rule: HoldRule;
  readonly onChange: (rule: HoldRule) => void;
  readonly onDrop: () => void;
}

type Wrong = Partial<Record<'classes' | 'failures' | 'over_days' | 'hold_days', 'wrongClasses' | 'wrongNumber' | 'wrongDays'>>;

/** What no policy may hold. The API looks at more: a class in two rules, a wish made weaker. */
export function problemsOf(rule: HoldRule): Wrong {
  return {
    ...(rule.classes.length === 0 ? { classes: 'wrongClasses' } : {}),
    ...(Number.isInteger(rule.failures) && rule.failures >= 1 ? {} : { failures: 'wrongNumber' }),
    ...(rule.over_days >= 0 ? {} : { over_days: 'wrongDays' }),
    ...(rule.hold_days === null || rule.hold_days >= 1 ? {} : { hold_days: 'wrongNumber' }),
  };
}

export function HoldRuleForm({ rule, onChange, onDrop }: RuleFormProps) {
  const words = useWords(holdPolicyWords);
  const className = useClassNames();
  const wrong = problemsOf(rule);
  const says = (name: keyof Wrong) => (wrong[name] === undefined ? null : words[wrong[name]]);
  const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
  return (
    <div className="rule-form pad">
      <div className="wide classes">
        <ChecksField
          label={words.classes}
          values={rule.classes}
          options={HOLD_CLASSES.map((name) => [name, className(name)])}
          onChange={(classes) => onChange({ ...rule, classes })}
          wrong={says('classes')}
        />
      </div>
      <TextField
        label={words.failures}
        type="number"
        min={1}
        value={Number.isNaN(rule.failures) ? '' : String(rule.failures)}
        onChange={(event) => onChange({ ...rule, failures: number(event.target.value) })}
        wrong={says('failures')}
      />
      <TextField
        label={words.overDays}
        type="number"
        min={0}
        value={Number.isNaN(rule.over_days) ? '' : String(rule.over_days)}
        onChange={(event) => onChange({ ...rule, over_days: number(event.target.value) })}
        wrong={says('over_days')}
      />
      <TextField
        label={words.holdDays}
        hint={words.holdDaysHint}
        type="number"
        min={1}
        value={rule.hold_days === null ? '' : String(rule.hold_days)}
        onChange={(event) => onChange({ ...rule, hold_days: event.target.value.trim() === '' ? null : Number(event.target.value) })}
        wrong={says('hold_days')}
      />
      <SelectField
        label={words.streams}
        value={rule.streams}
        options={[
          ['all', words.streamsAll],
          ['bulk', words.streamsBulk],
        ]}
        onChange={(value) => onChange({ ...rule, streams: value === 'bulk' ? 'bulk' : 'all' })}
      />
      <div className="wide">
        <CheckField label={words.doubles} checked={rule.doubles} onChange={(doubles) => onChange({ ...rule, doubles })} />
      </div>
      <div className="wide btns">
        <Button kind="quiet" onClick={onDrop}>
          {words.drop}
        </Button>
      </div>
    </div>
  );
}
