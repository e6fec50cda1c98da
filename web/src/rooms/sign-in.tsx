// This file is the sign-in.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useSearch } from '../address.ts';
import { keepCsrfToken, post } from '../api/client.ts';
import type { Session } from '../api/model.ts';
import { sessionQuery } from '../api/queries.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { TextField } from '../desk/field.tsx';
import { Page } from '../desk/page.tsx';
import { Switch } from '../desk/switch.tsx';
import type { Format } from '../format.ts';
import { Flag } from '../frame/bridge.tsx';
import { setScreen, useScreen, useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { overWords } from '../words/over.words.ts';
import { pick } from '../words/words.ts';

/** Who are you? `ended`: somebody was on their way to a page. */
export function logLine(ended: boolean, format: Pick<Format, 'lang'>): string {
  const say = pick(overWords, format.lang);
  return ended ? say.signInOver : say.signInLine;
}

export function SignIn() {
  const words = useWords(overWords);
  const desk = useWords(deskWords);
  const { lang } = useScreen();
  const client = useQueryClient();
  const router = useRouter();
  const back = placeBack(useSearch()['back']);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const session = await post<Session>('/v1/session', { login, password });
      keepCsrfToken(session.csrf_token);
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.replace(back);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <main className="pier" id="main">
      <div className="mark">
        <Flag />
        Packetboat
      </div>
      <div>
        <Page title={words.signInTitle} line={logLine(back !== '/', { lang })} />
      </div>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <TextField
          label={words.login}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
          autoComplete="username"
          required
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextField
          label={words.password}
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
          hint={words.firstLogin}
          wrong={error === null ? null : problemText(error, desk)}
        />
        <div className="btns">
          <Button type="submit" kind="main" busy={busy}>
            {busy ? desk.working : words.signIn}
          </Button>
        </div>
      </form>
      <Switch
        label={words.language}
        value={lang}
        options={[
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        onChange={(chosen) => setScreen({ lang: chosen })}
      />
    </main>
  );
}

/** Only a path of this console is a place to go back to. */
function placeBack(asked: string | undefined): string {
  return asked?.startsWith('/') && !asked.startsWith('//') && !asked.startsWith('/sign-in') ? asked : '/';
}
