// This file is what pages show of DKIM keys, of a sending domain or of the platform's own, and where such keys live.
import type { DkimKey } from '../api/schema.gen.ts';

/** Where keys live. */
export interface KeyPlace {
  /** Path of the API of the list. */
  readonly path: string;
  /** Beginning of the names of the questions that are asked again when a key changed. */
  readonly queryKey: readonly string[];
  /** Mail waits while no key signs; else it goes unsigned where it may. */
  readonly waits?: true;
}

/** What every kind of key shows. */
export type ShownKey = Omit<DkimKey, 'algorithm'> & { readonly algorithm?: DkimKey['algorithm'] };

/** Keys that are not over; one whose record its owner has to empty is not over for him. */
export function livingOf<T extends ShownKey>(keys: readonly T[]): T[] {
  return keys.filter((key) => key.state !== 'revoked' || (key.compromised && key.publish.type === 'TXT'));
}
