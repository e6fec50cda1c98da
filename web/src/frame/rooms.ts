// This file lists the rooms that exist, for the rail, the bottom bar and the palette. A room not built yet is not named.
import type { Person } from '../can.ts';
import { paths } from '../paths.ts';
import type { frameWords } from '../words/frame.ts';
import type { PlainKey } from '../words/words.ts';

export interface Room {
  readonly href: string;
  readonly name: PlainKey<typeof frameWords>;
  /** For the bottom bar of a phone. */
  readonly short?: PlainKey<typeof frameWords>;
  readonly group?: 'mail' | 'waysOut' | 'senders';
}

const OPERATOR_ROOMS: readonly Room[] = [
  { href: paths.home(), name: 'home' },
  { href: paths.messages(), name: 'messages', group: 'mail' },
  { href: paths.accounts(), name: 'accounts', short: 'accountsShort', group: 'waysOut' },
  { href: paths.tenants(), name: 'tenants', short: 'tenantsShort', group: 'senders' },
  { href: paths.credentials(), name: 'credentials', group: 'senders' },
];

const TENANT_ROOMS: readonly Room[] = [
  { href: paths.home(), name: 'overview' },
  { href: paths.messages(), name: 'findPerson' },
  { href: paths.developers(), name: 'developers', short: 'developersShort' },
];

export function roomsOf(person: Person): readonly Room[] {
  return person.ofTenant ? TENANT_ROOMS : OPERATOR_ROOMS;
}

/** Pages that people of a tenant may enter; everything else is not there for them. */
const TENANT_PATHS = /^\/(?:$|messages(?:\/|$)|developers$|credentials\/new$)/;

/** True where `path` is there for this person. */
export function mayEnter(path: string, person: Person): boolean {
  return !person.ofTenant || TENANT_PATHS.test(path);
}

/** True for the room that `path` lies in. */
export function isHere(room: Room, path: string): boolean {
  return room.href === '/' ? path === '/' : path === room.href || path.startsWith(`${room.href}/`);
}
