// This file is the form of one line of `packetboat doctor`.

export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly says: string;
  /** What to do next; only where something is to be done. */
  readonly next?: string;
}

/** Makes findings of one name. */
export function finder(name: string) {
  return {
    ok: (says: string): Finding => ({ name, state: 'ok', says }),
    warn: (says: string, next: string): Finding => ({ name, state: 'warn', says, next }),
    fail: (says: string, next: string): Finding => ({ name, state: 'fail', says, next }),
  };
}
