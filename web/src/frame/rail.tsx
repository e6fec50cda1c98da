// This file is the navigation: a rail of words, on a phone a bottom bar of at most five.
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../api/queries.ts';
import { A } from '../desk/a.tsx';
import { useScreen, useWords } from '../screen.ts';
import { usePerson, useSession } from '../session.ts';
import { frameWords } from '../words/frame.words.ts';
import { isHere, type Room, railOf, tabsOf } from './rooms.ts';

const GROUPS = [undefined, 'mail', 'answers', 'waysOut', 'senders', 'lookout'] as const;

export function Rail({ path, onDisplay }: { readonly path: string; readonly onDisplay: () => void }) {
  const words = useWords(frameWords);
  const session = useSession();
  const rooms = railOf(usePerson());
  return (
    <nav className="rail" aria-label={words.rooms}>
      <button type="button" className="whoami" onClick={onDisplay} aria-haspopup="dialog">
        <b>{session?.login}</b>
        <span className="small faint">{words.operatorDesk}</span>
        <span className="sr">, {words.display}</span>
      </button>
      {GROUPS.map((group) => {
        const inside = rooms.filter((room) => room.group === group);
        if (inside.length === 0) return null;
        return (
          <div key={group ?? 'top'}>
            {group === undefined ? null : <h2>{words[group]}</h2>}
            {inside.map((room) => (
              <RoomLink key={room.href} room={room} path={path} />
            ))}
          </div>
        );
      })}
    </nav>
  );
}

function RoomLink({ room, path }: { room: Room; path: string }) {
  const words = useWords(frameWords);
  const needs = useNeeds(room);
  return (
    <A href={room.href} aria-current={isHere(room, path) ? 'page' : undefined}>
      {words[room.name]}
      {needs === 0 ? null : (
        <span className="n">
          {needs}
          <span className="sr"> {words.needsPerson}</span>
        </span>
      )}
    </A>
  );
}

/** How many things in this room need a person, by the addresses the overview gives them. */
function useNeeds(room: Room): number {
  const person = usePerson();
  const { data } = useQuery({ ...overviewQuery, enabled: !person.ofTenant });
  if (room.href === '/') return 0;
  return (data?.needs_person ?? []).filter((need) => isHere(room, need.href.split(/[?#]/)[0] ?? '')).length;
}

export function Tabs({ path, onMore }: { readonly path: string; readonly onMore: () => void }) {
  const words = useWords(frameWords);
  const person = usePerson();
  const { lang } = useScreen();
  return (
    <nav className="tabs" aria-label={words.roomsShort} lang={lang}>
      {tabsOf(person, true).map((room) => (
        <A key={room.href} href={room.href} aria-current={isHere(room, path, person) ? 'page' : undefined}>
          {words[room.short ?? room.name]}
        </A>
      ))}
      <button
        type="button"
        onClick={onMore}
        aria-haspopup="dialog"
        aria-current={railOf(person).some((room) => room.tab === false && isHere(room, path)) ? true : undefined}
      >
        {words.more}
      </button>
    </nav>
  );
}
