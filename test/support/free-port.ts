// This file finds a port for a program that cannot choose one by itself: free a moment ago, which is as much as anybody can know. It lies where no
// system gives out ports by itself, so that nobody else's next connection takes it.
import { freePort as freeAmong } from '../../src/store/embedded/postmaster.ts';

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return freeAmong(0, Math.random);
}
