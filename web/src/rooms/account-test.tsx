// This file tries a provider account: reaches it, or hands over one small mail, and shows what came back.
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import type { AccountTest, ProviderAccount } from '../api/model.ts';
import { can } from '../can.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { useForm } from '../form.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { accountFormWords } from '../words/account-form.words.ts';
import { deskWords } from '../words/desk.words.ts';

export function AccountTester({ account }: { readonly account: ProviderAccount }) {
  const words = useWords(accountFormWords);
  const desk = useWords(deskWords);
  const { lang } = useScreen();
  const person = usePerson();
  const form = useForm(['from', 'to']);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<AccountTest | null>(null);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const door = can('testAccount', account.state, person, lang);
  const path = `/v1/provider-accounts/${account.id}/test`;
  const reach = async () => {
    setBusy(true);
    setResult(null);
    try {
      setResult(await post<AccountTest>(path));
    } catch (error) {
      setResult({ ok: false, detail: problemText(error, desk), outcome: null, reply: null });
    }
    setBusy(false);
  };
  const mail = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      setResult(null);
      setResult(await post<AccountTest>(path, { from, to }));
    });
  };
  if (door.door === 'absent') return null;
  return (
    <div className="stack">
      <div className="btns">
        <Button door={door} busy={busy} onClick={() => void reach()}>
          {busy ? words.testing : words.test}
        </Button>
      </div>
      <div role="status">{result === null ? null : <TestResult result={result} />}</div>
      {door.door === 'closed' ? null : (
        <details>
          <summary>{words.testMail}</summary>
          <form className="form bar" onSubmit={mail}>
            <TextField
              label={words.testFrom}
              type="email"
              value={from}
              onChange={(event) => setFrom(event.target.value)}
              wrong={form.wrong('from')}
              required
            />
            <TextField
              label={words.testTo}
              type="email"
              value={to}
              onChange={(event) => setTo(event.target.value)}
              wrong={form.wrong('to')}
              required
            />
            <FormFoot verb={words.testMail} busy={form.busy} refused={form.refused} main={false} />
          </form>
        </details>
      )}
    </div>
  );
}

function TestResult({ result }: { result: AccountTest }) {
  const words = useWords(accountFormWords);
  return (
    <div>
      <p className={result.ok ? '' : 'st danger'}>
        <b>{result.ok ? words.testWell : words.testBad}</b>
      </p>
      <p className="mute">{result.detail}</p>
      {result.reply === null ? null : <p className="said">{result.reply}</p>}
    </div>
  );
}
