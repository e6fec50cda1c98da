// This file lists the rooms that exist, for the rail, the bottom bar and the palette. A room not built yet is not named.

import { paths } from '../paths.ts';
import type { Person } from '../person.ts';
import type { frameWords } from '../words/frame.words.ts';
import type { PlainKey } from '../words/words.ts';

export interface Room {
  readonly href: string;
  readonly name: PlainKey<typeof frameWords>;
  /** For the bottom bar of a phone. */
  readonly short?: PlainKey<typeof frameWords>;
  readonly group?: 'mail' | 'answers' | 'waysOut' | 'senders' | 'lookout';
  /** False for a room that the bottom bar of a phone leaves to "More". */
  readonly tab?: false;
  /** The room of the navigation it is entered from; "More" and the palette name it too. */
  readonly within?: string;
}

const OPERATOR_ROOMS: readonly Room[] = [
  { href: paths.home(), name: 'home' },
  { href: paths.messages(), name: 'messages', group: 'mail' },
  { href: paths.bounces(), name: 'bounces', group: 'answers' },
  { href: paths.complaints(), name: 'complaints', group: 'answers', tab: false },
  { href: paths.holds(), name: 'holds', group: 'answers', tab: false },
  { href: paths.reports(), name: 'reports', group: 'answers', tab: false },
  { href: paths.inbound(), name: 'inbound', group: 'answers', tab: false },
  { href: paths.explain(), name: 'explain', group: 'answers', tab: false },
  { href: paths.accounts(), name: 'accounts', group: 'waysOut', tab: false },
  { href: paths.tenants(), name: 'tenants', group: 'senders', tab: false },
  { href: paths.domains(), name: 'domains', group: 'senders', tab: false },
  { href: paths.senders(), name: 'singleSenders', group: 'senders', tab: false },
  { href: paths.credentials(), name: 'credentials', group: 'senders', tab: false },
  { href: paths.incidents(), name: 'incidents', group: 'lookout' },
  { href: paths.outside(), name: 'outside', group: 'lookout', tab: false },
];

/** At most six stand in the navigation; who looks for one of the others looks in the room it lies within. */
const TENANT_ROOMS: readonly Room[] = [
  { href: paths.home(), name: 'overview' },
  { href: paths.messages(), name: 'findPerson', short: 'findPersonShort' },
  { href: paths.inbound(), name: 'inbound', within: paths.messages() },
  { href: paths.bounces(), name: 'peopleToFix', short: 'peopleToFixShort' },
  { href: paths.holds(), name: 'holds', within: paths.bounces() },
  { href: paths.complaints(), name: 'complaints', within: paths.bounces() },
  { href: paths.domains(), name: 'ownDomain', short: 'ownDomainShort' },
  { href: paths.senders(), name: 'singleSenders', within: paths.domains() },
  { href: paths.reports(), name: 'reports', within: paths.domains() },
  { href: paths.developers(), name: 'developers', tab: false },
];

/** Rooms of the bottom bar, at most four beside "More"; with `false`, those behind it. */
export function tabsOf(person: Person, shown: boolean): readonly Room[] {
  return roomsOf(person).filter((room) => (room.tab !== false && room.within === undefined) === shown);
}

/** Rooms of the navigation on a desk's screen. */
export function railOf(person: Person): readonly Room[] {
  return roomsOf(person).filter((room) => room.within === undefined);
}

/** Rooms that are entered from this one. */
export function roomsWithin(href: string, person: Person): readonly Room[] {
  return roomsOf(person).filter((room) => room.within === href);
}

export function roomsOf(person: Person): readonly Room[] {
  return person.ofTenant ? TENANT_ROOMS : OPERATOR_ROOMS;
}

/** Pages that people of a tenant may enter; everything else is not there for them. */
const TENANT_PATHS =
  /^\/(?:$|(?:messages|holds|incidents|inbound|domains|reports)(?:\/|$)|(?:bounces|complaints|explain|developers|senders|credentials\/new)$)/;

/** Of those, what belongs to the platform. */
const PLATFORM_PATHS = /^\/inbound\/mailboxes/;

/** True where `path` is there for this person. */
export function mayEnter(path: string, person: Person): boolean {
  return !person.ofTenant || (TENANT_PATHS.test(path) && !PLATFORM_PATHS.test(path));
}

/** True for the room that `path` lies in, and for the one it is entered from. */
export function isHere(room: Room, path: string, person?: Person): boolean {
  return liesIn(room, path) || (person !== undefined && roomsWithin(room.href, person).some((inner) => liesIn(inner, path)));
}

function liesIn(room: Room, path: string): boolean {
  return room.href === '/' ? path === '/' : path === room.href || path.startsWith(`${room.href}/`);
}
