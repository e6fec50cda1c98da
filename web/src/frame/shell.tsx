// This file stands around every page: skip link, bridge and rail for people of the platform, a house of their own for people of a tenant
// organisation, the page, the toast, and what opens over it (palette, display, keys).
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { overviewQuery, sessionQuery } from '../api/queries.ts';
import { A } from '../desk/a.tsx';
import { isBusy } from '../desk/busy.ts';
import { Button } from '../desk/button.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { focusNextLogLine } from '../desk/log-line.tsx';
import { Toast } from '../desk/toast.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { useOwnName, usePerson, useSession } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { frameWords } from '../words/frame.words.ts';
import { Bridge, Flag } from './bridge.tsx';
import { Rail, Tabs } from './rail.tsx';
import { isHere, mayEnter, railOf } from './rooms.ts';

const Palette = lazy(() => import('./palette.tsx').then((file) => ({ default: file.Palette })));
const More = lazy(() => import('./more.tsx').then((file) => ({ default: file.More })));
const SimulatorNotice = lazy(() => import('./simulator-notice.tsx').then((file) => ({ default: file.SimulatorNotice })));
const Keys = lazy(() => import('./keys.tsx').then((file) => ({ default: file.Keys })));

const SIGN_IN = '/sign-in';

type Over = 'palette' | 'more' | 'keys' | null;

/** Everything but the sign-in needs a session; who has none is asked to sign in and brought back. */
export function Shell() {
  const words = useWords(frameWords);
  const router = useRouter();
  const place = useRouterState({ select: (state) => state.location });
  const session = useQuery(sessionQuery);
  // The address changes at once, the room only when its file has come: until then the room before it stands, and no room may stand without a
  // session, for it would only ask and be refused.
  const drawn = useRouterState({ select: (state) => state.matches.at(-1)?.pathname });
  const outside = place.pathname === SIGN_IN;
  useEffect(() => {
    if (session.data === null && !outside) router.history.replace(paths.signIn(place.href));
  }, [session.data, outside, place.href, router]);
  useArrivals();
  if (drawn === SIGN_IN) return <Outlet />;
  if (session.data === undefined || session.data === null) {
    return (
      <main className="pier">
        <h1 className="log asking">{words.asking}</h1>
        {session.error === null ? null : (
          <ErrorState error={session.error} what={words.theSession} onRetry={() => void session.refetch()} />
        )}
      </main>
    );
  }
  return <Inside path={place.pathname} />;
}

function Inside({ path }: { path: string }) {
  const words = useWords(frameWords);
  const person = usePerson();
  const [over, setOver] = useState<Over>(null);
  useFrameKeys(setOver);
  const find = () => setOver('palette');
  const close = () => setOver(null);
  return (
    <>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      {person.ofTenant ? <House path={path} onFind={find} onDisplay={() => setOver('more')} /> : <Bridge onFind={find} />}
      <div className={person.ofTenant ? 'deck plain' : 'deck'}>
        <Notice />
        {person.ofTenant ? null : <Rail path={path} onDisplay={() => setOver('more')} />}
        <main className="page" id="main" tabIndex={-1}>
          {mayEnter(path, person) ? <Outlet /> : <Missing />}
        </main>
      </div>
      <Tabs path={path} onMore={() => setOver('more')} />
      <Toast />
      <Suspense fallback={null}>
        {over === 'palette' ? <Palette onClose={close} /> : null}
        {over === 'more' ? <More onClose={close} onFind={find} /> : null}
        {over === 'keys' ? <Keys onClose={close} /> : null}
      </Suspense>
    </>
  );
}

/** The tenant's view: their own name instead of the bridge, at most six words of navigation. */
function House({ path, onFind, onDisplay }: { path: string; onFind: () => void; onDisplay: () => void }): ReactNode {
  const words = useWords(frameWords);
  const session = useSession();
  const person = usePerson();
  const rooms = railOf(person);
  const name = useOwnName();
  return (
    <header className="bridge house">
      <A className="mark" href={paths.home()}>
        <Flag />
        {name ?? session?.login}
      </A>
      <nav aria-label={words.rooms}>
        {rooms.map((room) => (
          <A key={room.href} href={room.href} aria-current={isHere(room, path, person) ? 'page' : undefined}>
            {words[room.name]}
          </A>
        ))}
      </nav>
      <button type="button" className="find" onClick={onFind}>
        {words.find} <kbd>Ctrl K</kbd>
      </button>
      <button type="button" className="find only-l" onClick={onDisplay} aria-haspopup="dialog">
        {session?.login}
        <span className="sr">, {words.display}</span>
      </button>
    </header>
  );
}

/** Says plainly that mail does not reach the world while the simulator plays it. */
function Notice() {
  const person = usePerson();
  const { data } = useQuery({ ...overviewQuery, enabled: !person.ofTenant });
  const ways = (data?.accounts ?? []).filter((account) => account.state === 'active');
  const played = data?.simulator === true && ways.every((account) => account.simulated);
  if (!played || person.ofTenant) return null;
  return (
    <Suspense fallback={null}>
      <SimulatorNotice />
    </Suspense>
  );
}

/** Going to another page moves the focus to its log line. */
function useArrivals(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ fromLocation, toLocation }) => {
        if (fromLocation !== undefined && fromLocation.pathname !== toLocation.pathname) focusNextLogLine();
      }),
    [router],
  );
}

function useFrameKeys(open: (over: Over) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') open('palette');
      else if (isBusy(event)) return;
      else if (event.key === '?') open('keys');
      else if (event.key === '/') {
        const box = document.querySelector<HTMLElement>('input[type=search]');
        if (box === null) open('palette');
        else box.focus();
      } else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [open]);
}

/** Shown where a page itself fails: a fault of ours, said so. */
export function Broken({ error }: { readonly error: unknown }) {
  const words = useWords(deskWords);
  return (
    <>
      <h1 className="log">{words.brokenLine}</h1>
      <p className="under">{words.brokenWhat}</p>
      <p className="said">{error instanceof Error ? error.message : String(error)}</p>
      <div className="btns bar">
        <Button onClick={() => location.reload()}>{words.reload}</Button>
      </div>
    </>
  );
}

export function Missing() {
  const words = useWords(deskWords);
  return (
    <>
      <h1 className="log">{words.notFoundLine}</h1>
      <p className="under">{words.notFoundWhat}</p>
    </>
  );
}
