// This file asks a real name server (Debian's Knot) for real zones: every mistake people make with DNS records is recognised and named, a record is seen as
// soon as it is published, and the command line checks a whole domain.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { domainCommand } from '../../src/cli/domain.ts';
import { lookAtRecords } from '../../src/flows/look-at-domain.ts';
import type { ExpectedRecord } from '../../src/tenancy/dns/compared.ts';
import { makeDnsLookup } from '../../src/watch/dns/resolver.ts';
import { type Knot, knotMissing, startKnot } from '../support/knot.ts';
import { MISTAKE_CASES, PLATFORM_ZONE } from '../support/mistake-cases.ts';
import type { Zone } from '../support/zone.ts';

const skip = knotMissing();
/** A server that keeps to RFC 1034 §3.6.2 refuses a zone with a CNAME beside other records; some hosts' own servers do not. */
const UNLOADABLE = new Set(['alias-beside-records']);

interface Placed {
  readonly says: string;
  readonly apex: string;
  readonly expected: ExpectedRecord;
  readonly zone: Zone | null;
  readonly state: string;
  readonly code: string | null;
}

/** Every case gets a registered domain of its own in place of club.example. */
const PLACED: readonly Placed[] = MISTAKE_CASES.map(([says, expected, zone, state, code], index) => {
  const apex = `club${index}.example`;
  const renamed = (text: string) => text.replaceAll('club.example', apex);
  const fails = Object.values(zone).some((records) => records.fails !== undefined);
  return {
    says: `${expected.purpose}: ${says} → ${code ?? 'ok'}`,
    apex,
    expected: { ...expected, host: renamed(expected.host), value: renamed(expected.value) },
    // Names are ASCII and values hold them: renaming the text of the whole zone renames both.
    zone: fails ? null : (JSON.parse(renamed(JSON.stringify(zone))) as Zone),
    state,
    code,
  };
});

describe('records in real zones', { skip }, async () => {
  if (skip) return;
  const zones: Record<string, Zone | null> = { example: delegations() };
  for (const { apex, zone, code } of PLACED) {
    if (code !== null && UNLOADABLE.has(code)) continue;
    zones[apex] = zone === null ? null : within(zone, apex, true);
  }
  const knot = await startKnot({ after }, zones);
  const lookup = lookupAt(knot);

  for (const { says, expected, state, code } of PLACED) {
    const unloadable = code !== null && UNLOADABLE.has(code) ? 'Knot loads no zone with a CNAME beside other records' : false;
    it(says, { skip: unloadable }, async () => {
      const [compared] = await lookAtRecords(lookup, [expected]);
      assert.deepEqual([compared?.state, compared?.mistake?.code ?? null], [state, code], JSON.stringify(compared));
    });
  }

  it('a record is seen as soon as it is published, and a change as soon as it is made', async () => {
    const expected: ExpectedRecord = { purpose: 'ownership', type: 'TXT', host: 'live.example', value: 'packetboat-domain=abc' };
    const fresh = lookupAt(knot, 0);
    const states: string[] = [];
    const look = async () => states.push((await lookAtRecords(fresh, [expected]))[0]?.mistake?.code ?? 'ok');
    await look();
    await knot.publish('example', { ...delegations(), 'live.example': { TXT: ['"packetboat-domain=abc"'] } });
    await look();
    await knot.publish('example', { ...delegations(), 'live.example': { TXT: ['packetboat-domain=abc'] } });
    await look();
    assert.deepEqual(states, ['not-published', 'quotes-in-value', 'ok']);
  });

  it('the command line checks a domain at its own name servers', async () => {
    const env = {
      PACKETBOAT_DNS_SERVERS: `127.0.0.1:${knot.port}`,
      PACKETBOAT_DNS_AUTHORITATIVE_PORT: String(knot.port),
      PACKETBOAT_DNS_ALLOW_PRIVATE: 'true',
    };
    const several = PLACED.find(({ code }) => code === 'several-spf')?.apex ?? '';
    const broken = await command(['check', several, '--json'], env);
    assert.equal(broken.status, 1, broken.out);
    const check = JSON.parse(broken.out);
    assert.equal(check.verdict, 'problem');
    assert.ok(check.findings.some(({ part, code }: { part: string; code: string }) => part === 'spf' && code === 'several-records'));
    const silent = PLACED.find(({ code }) => code === 'no-answer')?.apex ?? '';
    assert.equal((await command(['check', silent], env)).status, 3);
  });
});

async function command(args: string[], env: Readonly<Record<string, string>>): Promise<{ status: number; out: string }> {
  let out = '';
  const write = (chunk: unknown) => {
    out += String(chunk);
    return true;
  };
  const status = await domainCommand.run(args, { stdin: Readable.from([]), stdout: { write }, stderr: { write }, env, cwd: '/' });
  return { status, out };
}

function lookupAt({ port }: Knot, cacheMaxS = 10) {
  return makeDnsLookup({
    servers: [{ address: '127.0.0.1', port }],
    authoritative: true,
    authoritativePort: port,
    allowPrivate: true,
    cacheMaxS,
  });
}

/** The zone above: the platform's names, names that several cases share, and the delegations. */
function delegations(): Zone {
  const zone: Record<string, Zone[string]> = {};
  for (const { apex, zone: records, code } of PLACED) {
    if (code !== null && UNLOADABLE.has(code)) continue;
    zone[apex] = { NS: [`ns.${apex}`] };
    zone[`ns.${apex}`] = { A: ['127.0.0.1'] };
    Object.assign(zone, within(records ?? {}, apex, false));
  }
  return { ...zone, ...PLATFORM_ZONE };
}

/** The names of a zone that lie in the domain, or those that do not. */
function within(zone: Zone, apex: string, inside: boolean): Zone {
  return Object.fromEntries(Object.entries(zone).filter(([name]) => (name === apex || name.endsWith(`.${apex}`)) === inside));
}
