// This file says which names of this platform the records of a sending domain point to.
import type { Config } from '../../config.ts';
import type { PlatformFor } from '../../flows/domain-view.ts';

export function platformNames(config: Config): PlatformFor {
  const names = { returnPathHost: config.returnPathHost, dkimZone: null, reportAddress: null };
  return () => names;
}
