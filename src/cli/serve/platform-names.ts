// This file says which names of this platform the records of a sending domain point to.
import type { Config } from '../../config.ts';
import { reportAddress } from '../../delivery/report-address.ts';
import type { PlatformFor } from '../../flows/domain-view.ts';
import type { Keys } from '../../store/keys.ts';
import { reportAddresses } from './report-addresses.ts';

export function platformNames(config: Config, keys: Keys): PlatformFor {
  const names = { returnPathHost: config.returnPathHost, dkimZone: config.dkimZone, spfInclude: config.spfInclude };
  const {
    secretKeys: [secretKey],
    host,
  } = reportAddresses(config, keys);
  // Nobody can deliver to a name below .test (RFC 6761): a desk that only tries things out asks for no reports.
  if (secretKey === undefined || host.endsWith('.test')) return () => ({ ...names, reportAddress: null });
  return ({ id, tenant_number: tenantNumber }) => ({
    ...names,
    reportAddress: reportAddress({ secretKey, host, tenantNumber, domainId: id }),
  });
}
