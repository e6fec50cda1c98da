// This file connects to tenants' webhook endpoints and to nowhere else: a name is resolved once, addresses that are not public are taken out of
// the answer, and the connection goes to exactly the addresses that were looked at. A name that changes its answer between look and use
// (DNS rebinding) therefore gains nothing. Redirects are not followed by the caller, so no other address ever comes up.
import { Resolver, lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { AppError } from '../errors.ts';
import { isPrivateAddress, isPrivateHost } from '../tenancy/webhook-target.ts';

/** Addresses of a host name, IPv4 and IPv6 in any order. Rejects when there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/** DNS servers that need longer are as good as down; two tries fit into the time of one request. */
const DNS_TIMEOUT_MS = 3_000;
const DNS_TRIES = 2;
/** A round trip of TCP and two of TLS; an endpoint that needs longer does not answer in time anyway. */
const CONNECT_TIMEOUT_MS = 10_000;
/** More addresses than any honest host has; the rest is not tried. */
const ADDRESSES_MAX = 16;

/** Asks DNS directly: the system's look-up occupies threads that signing needs, and it knows names of this machine that no tenant may reach. */
export function askDns(resolver: Pick<Resolver, 'resolve4' | 'resolve6'> = defaultResolver()): ResolveHost {
  return async (hostname) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
    return found;
  };
}

/** Asks the system, with its hosts file: for desks whose tenants' applications live in the same network. */
export const askSystem: ResolveHost = async (hostname) => (await systemLookup(hostname, { all: true })).map(({ address }) => address);

/**
 * Makes the connector for an undici dispatcher. It fails with WEBHOOK_TARGET_FORBIDDEN where no public address is left; with `allowPrivate`
 * every address is good. `ca` (PEM) is trusted in place of the machine's certificates.
 */
export function webhookConnector(options: { allowPrivate: boolean; resolve: ResolveHost; ca?: string }): buildConnector.connector {
  const trust = options.ca === undefined ? {} : { ca: options.ca };
  const connect = buildConnector({ lookup: pinnedLookup(options), timeout: CONNECT_TIMEOUT_MS, allowH2: false, ...trust });
  return (target, callback) => {
    // A bare address is connected to without a look-up.
    if (!options.allowPrivate && isPrivateHost(target.hostname)) callback(forbidden(target.hostname), null);
    else connect(target, callback);
  };
}

function pinnedLookup(options: { allowPrivate: boolean; resolve: ResolveHost }): LookupFunction {
  return (hostname, { all, family }, callback) => {
    permittedAddresses(hostname, options).then(
      (addresses) => {
        const wanted = family === 4 || family === 6 ? addresses.filter((each) => each.family === family) : addresses;
        const first = wanted[0];
        if (!first) callback(new Error(`${hostname} has no address of this kind`), []);
        else if (all) callback(null, wanted);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
}

/** The addresses of a host that may be connected to. Throws WEBHOOK_TARGET_FORBIDDEN when it has some, but none that may. */
export async function permittedAddresses(
  hostname: string,
  { allowPrivate, resolve }: { allowPrivate: boolean; resolve: ResolveHost },
): Promise<{ address: string; family: number }[]> {
  const found = (await resolve(hostname)).slice(0, ADDRESSES_MAX);
  const allowed = allowPrivate ? found : found.filter((address) => !isPrivateAddress(address));
  if (found.length > 0 && allowed.length === 0) throw forbidden(hostname);
  return allowed.map((address) => ({ address, family: isIP(address) }));
}

function defaultResolver(): Resolver {
  return new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
}

function forbidden(hostname: string): AppError {
  return new AppError('WEBHOOK_TARGET_FORBIDDEN', `${hostname} does not lead to a public address.`);
}
