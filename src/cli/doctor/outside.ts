// This file looks at the desk as the world sees it: names of sending addresses, return paths, zones, the certificate of the public address.
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { checkOurselves } from '../../flows/check-ourselves.ts';
import type { SelfCheck } from '../../flows/self-checks/finding.ts';
import { selfCheckWords } from '../../flows/self-checks/words.ts';
import { openDnsLookup } from '../serve/dns.ts';
import { selfCheckDeps } from '../serve/self-checks.ts';
import type { Finding } from './finding.ts';

const STATES = { ok: 'ok', note: 'ok', warning: 'warn', unknown: 'warn', problem: 'fail' } as const satisfies Record<
  SelfCheck['state'],
  Finding['state']
>;

/** The certificates of the settings have lines of their own in doctor already. */
export async function checkOutside(config: Config, clock: Clock): Promise<Finding[]> {
  const deps = selfCheckDeps({ ...config, tlsCert: null, tlsKey: null, httpsPort: null }, openDnsLookup(config), clock);
  const checks = await checkOurselves(deps, null);
  return checks.filter(({ code }) => code !== 'certificate-none').map(asFinding);
}

function asFinding(check: SelfCheck): Finding {
  const { says, next } = selfCheckWords(check.code, check, 'en');
  return { name: `from outside, ${check.subject}`, state: STATES[check.state], says, ...(next === null ? {} : { next }) };
}
