// This file is the form of one check of ourselves: what was looked at, how it is, and the facts its sentences speak of.
import type { SelfCheckCode, SelfCheckFacts } from './words.ts';

/** ok · note: good to know · warning: works, but not for long or not everywhere · problem: mail suffers · unknown: nobody answered. */
export type SelfCheckState = 'ok' | 'note' | 'warning' | 'problem' | 'unknown';

export interface SelfCheck extends SelfCheckFacts {
  readonly code: SelfCheckCode;
  readonly state: SelfCheckState;
}

export function selfCheck(state: SelfCheckState, code: SelfCheckCode, subject: string, facts: Partial<SelfCheckFacts> = {}): SelfCheck {
  return { code, state, subject, seen: '', wanted: '', detail: '', ...facts };
}
