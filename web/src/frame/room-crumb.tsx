// This file is the crumb of a room: its name, or the room it is entered from; at the right the rooms that are entered from it.
import type { ReactNode } from 'react';
import { A } from '../desk/a.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { frameWords } from '../words/frame.words.ts';
import { roomsOf, roomsWithin } from './rooms.ts';

interface RoomCrumbProps {
  readonly href: string;
  readonly title: string;
  /** Further ways on, at the right. */
  readonly children?: ReactNode;
}

export function RoomCrumb({ href, title, children }: RoomCrumbProps) {
  const words = useWords(frameWords);
  const person = usePerson();
  const rooms = roomsOf(person);
  const within = rooms.find((room) => room.href === href)?.within;
  const outer = rooms.find((room) => room.href === within);
  const inner = roomsWithin(href, person);
  return (
    <>
      {outer === undefined ? <span>{title}</span> : <A href={outer.href}>{words[outer.name]}</A>}
      {inner.length === 0 && children === undefined ? null : (
        <span className="right">
          {inner.map((room) => (
            <A key={room.href} href={room.href}>
              {words[room.name]}
            </A>
          ))}
          {children}
        </span>
      )}
    </>
  );
}
