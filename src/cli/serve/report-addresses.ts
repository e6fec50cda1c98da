// This file says which addresses of this desk reports about domains come to.
import type { Config } from '../../config.ts';
import type { Keys } from '../../store/keys.ts';

/** Keys and host of the addresses that reports come to. */
export function reportAddresses(config: Config, keys: Keys): { readonly secretKeys: readonly Buffer[]; readonly host: string } {
  return { secretKeys: [keys.returnPathKey], host: config.reportHost ?? config.returnPathHost };
}
