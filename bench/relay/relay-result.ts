// This file says what a run of `bench relay` found.
import type { DeepResult } from './deep.ts';
import type { Modes } from './modes.ts';
import type { ProfileResult } from './profile.ts';

export interface RelayResult extends Modes {
  readonly missing: string | null;
  readonly postfixVersion: string | null;
  readonly deep: DeepResult | null;
  readonly profile: ProfileResult | null;
}
