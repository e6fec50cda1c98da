// This file is the palette (Ctrl K): one box for addresses, subjects, ids, rooms, tenants, accounts and actions. It shows the path it goes to.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { tenantsQuery } from '../api/sender-queries.ts';
import { accountsQuery } from '../api/way-queries.ts';
import { Dialog } from '../desk/dialog.tsx';
import { paths } from '../paths.ts';
import { mayMake, type Person } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { frameWords } from '../words/frame.words.ts';
import { overWords } from '../words/over.words.ts';
import type { Words } from '../words/words.ts';
import { recentPlaces } from './recent.ts';
import { roomsOf } from './rooms.ts';

/** Hits of one group; more would push the next group out of sight. */
const GROUP_MAX = 6;
/** What a mail server says begins with its code: "550 5.7.1 …". */
const REPLY = /^[245]\d\d[ -]/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Hit {
  readonly text: string;
  readonly href: string;
}
interface Group {
  readonly name: string;
  readonly hits: readonly Hit[];
}

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(overWords);
  const frame = useWords(frameWords);
  const router = useRouter();
  const person = usePerson();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const named = useNamed(person);
  const groups = groupsFor(text.trim(), { person, words, frame, named });
  const hits = groups.flatMap((group) => group.hits);
  const chosen = Math.min(at, Math.max(0, hits.length - 1));
  const open = (hit: Hit, newTab: boolean) => {
    if (newTab) window.open(hit.href, '_blank', 'noopener');
    else router.history.push(hit.href);
    onClose();
  };
  const press = (event: KeyboardEvent) => {
    const hit = hits[chosen];
    if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter' && hit !== undefined) open(hit, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };
  let index = -1;
  return (
    <Dialog title={words.paletteTitle} titleHidden className="palette" onClose={onClose}>
      <input
        className="input"
        autoFocus
        value={text}
        placeholder={words.paletteHint}
        aria-label={words.paletteHint}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={list}
        aria-activedescendant={hits.length > 0 ? `${list}-${chosen}` : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={list} role="listbox" aria-label={words.paletteTitle}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: groups of options have no element of their own outside a select.
          <div key={group.name} role="group" aria-label={group.name}>
            <div className="label" aria-hidden="true">
              {group.name}
            </div>
            {group.hits.map((hit) => {
              index += 1;
              const place = index;
              return (
                // Keys are read by the box above, which points here with aria-activedescendant.
                // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: an option of a combobox list.
                <div
                  key={hit.href}
                  id={`${list}-${place}`}
                  role="option"
                  aria-selected={place === chosen}
                  onMouseMove={() => setAt(place)}
                  onClick={(event) => open(hit, event.ctrlKey || event.metaKey)}
                >
                  <span className="any">{hit.text}</span>
                  <span className="wire">{hit.href}</span>
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p className="foot">
        <span role="status">{hits.length === 0 ? words.nothing : ''}</span>
        <span>{words.paletteKeys}</span>
      </p>
    </Dialog>
  );
}

/** Tenants and accounts by name; both lists are short and mostly asked for already. */
function useNamed(person: Person): Hit[] {
  const tenants = useQuery({ ...tenantsQuery, enabled: !person.ofTenant });
  const accounts = useQuery({ ...accountsQuery, enabled: !person.ofTenant, refetchInterval: false });
  return [
    ...(tenants.data?.data ?? []).map((tenant) => ({ text: tenant.name, href: paths.tenant(tenant.id) })),
    ...(accounts.data?.data ?? []).map((account) => ({ text: account.name, href: paths.account(account.id) })),
  ];
}

interface Known {
  readonly person: Person;
  readonly words: Words<typeof overWords>;
  readonly frame: Words<typeof frameWords>;
  readonly named: readonly Hit[];
}

function groupsFor(text: string, { person, words, frame, named }: Known): Group[] {
  const rooms: Hit[] = roomsOf(person).map((room) => ({ text: frame[room.name], href: room.href }));
  const actions: Hit[] = [
    ...(mayMake('tenant', person) ? [{ text: words.newTenant, href: paths.newTenant() }] : []),
    ...(mayMake('credential', person) ? [{ text: words.newCredential, href: paths.newCredential() }] : []),
    ...(mayMake('account', person) ? [{ text: words.newAccount, href: paths.newAccount() }] : []),
  ];
  const wanted = text.toLowerCase();
  const match = (hits: readonly Hit[]) => hits.filter((hit) => hit.text.toLowerCase().includes(wanted)).slice(0, GROUP_MAX);
  const groups: Group[] =
    text === ''
      ? [
          { name: words.paletteRecent, hits: recentPlaces() },
          { name: words.paletteRooms, hits: rooms },
          { name: words.paletteActions, hits: actions },
        ]
      : [
          { name: words.paletteMessages, hits: messageHits(text, words) },
          { name: frame.tenants, hits: match(named) },
          { name: words.paletteRooms, hits: match(rooms) },
          { name: words.paletteActions, hits: match(actions) },
        ];
  return groups.filter((group) => group.hits.length > 0);
}

function messageHits(text: string, words: Words<typeof overWords>): Hit[] {
  if (REPLY.test(text)) return [{ text: words.explain(text), href: paths.explain(text) }];
  if (UUID.test(text)) return [{ text: words.findId(text), href: paths.message(text.toLowerCase()) }];
  if (text.includes('@')) return [{ text: words.findAddress(text), href: paths.messages({ address: text }) }];
  return [{ text: words.findSubject(text), href: paths.messages({ subject: text }) }];
}
