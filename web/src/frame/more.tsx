// This file is what stands behind one's own name: how the screen looks, the language, signing out; on a phone also the rooms that the bottom
// bar has no place for.
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ApiProblem, remove } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Dialog } from '../desk/dialog.tsx';
import { problemText } from '../desk/error-state.tsx';
import { Switch } from '../desk/switch.tsx';
import { sayResult } from '../desk/toast.tsx';
import { paths } from '../paths.ts';
import { setScreen, useScreen, useWords } from '../screen.ts';
import { usePerson, useSession } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { frameWords } from '../words/frame.words.ts';
import { overWords } from '../words/over.words.ts';
import { tabsOf } from './rooms.ts';

export function More({ onClose, onFind }: { readonly onClose: () => void; readonly onFind: () => void }) {
  const words = useWords(overWords);
  const frame = useWords(frameWords);
  const desk = useWords(deskWords);
  const screen = useScreen();
  const session = useSession();
  const rooms = tabsOf(usePerson(), false);
  const signOut = useSignOut();
  const client = useQueryClient();
  return (
    <Dialog title={words.displayTitle} onClose={onClose}>
      <div className="body">{words.signedInAs(session?.login ?? '')}</div>
      <nav className="only-s rooms field" aria-label={frame.rooms}>
        {rooms.map((room) => (
          <A key={room.href} href={room.href} onClick={onClose}>
            {frame[room.name]}
          </A>
        ))}
        <Button onClick={onFind}>{frame.find}</Button>
      </nav>
      <Switch
        label={words.language}
        value={screen.lang}
        options={[
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        onChange={(lang) => {
          setScreen({ lang });
          // What the desk says comes in the language it was asked in.
          void client.invalidateQueries();
        }}
      />
      <Switch
        label={words.theme}
        value={screen.theme}
        options={[
          ['system', words.themeSystem],
          ['light', words.themeLight],
          ['dark', words.themeDark],
        ]}
        onChange={(theme) => setScreen({ theme })}
      />
      <Switch
        label={words.density}
        value={screen.density}
        options={[
          ['comfortable', words.comfortable],
          ['compact', words.compact],
        ]}
        onChange={(density) => setScreen({ density })}
      />
      <div className="btns">
        <Button onClick={onClose}>{desk.close}</Button>
        <Button kind="quiet" onClick={() => void signOut()}>
          {words.signOut}
        </Button>
      </div>
    </Dialog>
  );
}

function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  const words = useWords(deskWords);
  return async () => {
    try {
      await remove('/v1/session');
    } catch (error) {
      // A session that has ended already is what was asked for.
      if (!(error instanceof ApiProblem && error.status === 401)) return sayResult(problemText(error, words));
    }
    client.clear();
    client.setQueryData(sessionQuery.queryKey, null);
    router.history.push(paths.signIn());
  };
}
