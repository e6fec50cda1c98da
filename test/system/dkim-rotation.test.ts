// This file turns the DKIM keys of a domain over, as the world sees it: the domain in a real Knot with its delegated names, our own DNS door behind
// them, mail over SMTP, and every mail verified by mailauth with what DNS says at that moment — before, during and after the change.
import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { it } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import pg from 'pg';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { knotMissing, startKnot } from '../support/knot.ts';
import { until } from '../support/until.ts';
import type { Zone } from '../support/zone.ts';

const CLUB = 'rowing.example';
const PLATFORM = 'platform.example';
const ZONE = `dkim.${PLATFORM}`;
/** The door stands on an address of its own, because all name servers of the world listen on one port. */
const DOOR_HOST = '127.0.0.2';

interface Key {
  readonly selector: string;
  readonly algorithm: string;
  readonly state: string;
  readonly trouble: string | null;
}

it('a domain changes its keys without a moment in which its mail does not verify', { skip: knotMissing() }, async (t) => {
  const end = inReverse(t);
  const knot = await startKnot(end, {
    [CLUB]: {},
    [PLATFORM]: { [`ns2.${PLATFORM}`]: { A: [DOOR_HOST] }, [ZONE]: { NS: [`ns2.${PLATFORM}`] } },
  });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await openDesk(end, {
    env: {
      PACKETBOAT_DKIM_ZONE: ZONE,
      PACKETBOAT_DKIM_ZONE_NS: `ns2.${PLATFORM}`,
      PACKETBOAT_DNS_HOST: DOOR_HOST,
      PACKETBOAT_DNS_PORT: String(knot.port),
      PACKETBOAT_DNS_SERVERS: `127.0.0.1:${knot.port}`,
      PACKETBOAT_DNS_AUTHORITATIVE_PORT: String(knot.port),
      PACKETBOAT_DNS_ALLOW_PRIVATE: 'true',
    },
  });
  const pool = new pg.Pool({ connectionString: desk.databaseUrl, max: 1 });
  end.after(() => pool.end());
  const account = { name: 'Host', provider: 'smtp', settings: { host: '127.0.0.1', port: host.port, tls: 'none' } };
  assert.equal((await desk.api('POST', '/v1/provider-accounts', account)).status, 201);

  const [atKnot, atDoor] = [resolverAt('127.0.0.1', knot.port), resolverAt(DOOR_HOST, knot.port)];
  /** What a receiver finds: the alias at the domain's own server, the key behind it at ours. */
  const resolver = async (name: string, type: string) => {
    assert.equal(type, 'TXT');
    const [alias] = await atKnot.resolveCname(name);
    return atDoor.resolveTxt(alias ?? '');
  };
  const verdicts = async (mime: Buffer) =>
    (await dkimVerify(mime, { resolver })).results.map(({ selector, status }) => `${selector} ${status.result}`);

  // The owner publishes what the page says, once.
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Rowing' });
  const { body: credential } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  const { body: domain } = await desk.api('POST', `/v1/tenants/${tenant.id}/domains`, { name: CLUB }, credential.api_key);
  const publish = async () => {
    const { body } = await desk.api('GET', `/v1/domains/${domain.id}`);
    await knot.publish(CLUB, zoneOf(body.records));
  };
  const check = async () => (await desk.api('POST', `/v1/domains/${domain.id}/keys/check`)).body.data as Key[];
  /** Looks until the keys stand like this. */
  const stand = (wanted: readonly string[]) =>
    until(async () => (await check()).map((key) => `${key.selector} ${key.state}`).join() === wanted.join(), {
      what: wanted.join(', '),
      everyMs: 500,
    });
  const later = (days: number) =>
    pool.query(`update dkim_keys set state_since = state_since - $1 * interval '1 day', due_at = due_at - $1 * interval '1 day'`, [days]);
  const mail = async () => {
    const before = host.accepted.length;
    await desk.hand(
      { from: `board@${CLUB}`, to: 'member@mailbox.test', subject: 'Regatta', text: 'We start at nine.' },
      credential.api_key,
    );
    await until(() => host.accepted.length > before, { what: 'the mail to leave' });
    return host.accepted[before]?.mime ?? Buffer.alloc(0);
  };

  await publish();
  // Whoever answers late is asked again, here and below.
  const looked = await until(
    async () => {
      await pool.query('update sending_domains set asked_at = null');
      const answer = await desk.api('POST', `/v1/domains/${domain.id}/check`);
      return answer.body.state === 'verified' && answer.body.authenticated && answer;
    },
    { what: 'the records to be seen', everyMs: 1_000 },
  );
  const first = await until(async () => (await check()).find(({ state }) => state === 'active'), {
    what: 'the first key to sign',
    everyMs: 500,
  });
  const one = first.selector;
  const two = one.replace(/1$/, '2');
  const early = await mail();
  assert.deepEqual(await verdicts(early), [`${one} pass`]);
  const spare = looked.body.records.find((each: { id: string }) => each.id === `dkim:${two}`);
  assert.deepEqual([spare.type, spare.state], ['CNAME', 'ok'], 'the second place is right before there is a key in it');

  // The change: nobody publishes anything.
  const turned = await desk.api('POST', `/v1/domains/${domain.id}/keys/rotate`, {}, credential.api_key);
  assert.equal(turned.status, 201, JSON.stringify(turned.body));
  // What a receiver may remember of the place: our own door says it anew within half a minute.
  await until(async () => (await check()).some((key) => key.state === 'published'), {
    what: 'the new key to be seen',
    everyMs: 500,
  });
  assert.deepEqual(await verdicts(await mail()), [`${one} pass`], 'seen, but caches may not know it yet');
  await later(2.1);
  await stand([`${two} active`, `${one} retiring`]);
  await until(async () => (await verdicts(await mail()))[0] === `${two} pass`, {
    what: 'the signers of this node to hear of it',
    everyMs: 1_000,
  });
  assert.deepEqual(await verdicts(early), [`${one} pass`], 'mail on its way still verifies');

  // A week later the old key is over, and its record says so.
  await later(7.1);
  await stand([`${two} active`, `${one} revoked`]);
  await until(async () => (await atDoor.resolveTxt(await aliasOf(atKnot, one))).flat().join('') === 'v=DKIM1; p=', {
    what: 'the old record to be empty',
    everyMs: 500,
  });
  assert.deepEqual(await verdicts(await mail()), [`${two} pass`]);
  assert.doesNotMatch((await verdicts(early)).join(), /pass/);

  // A second signature beside the first.
  assert.equal((await desk.api('PATCH', `/v1/domains/${domain.id}`, { ed25519: true }, credential.api_key)).body.ed25519, true);
  assert.match((await check())[0]?.trouble ?? '', /There is no record at/);
  await publish();
  await until(async () => (await check())[0]?.state === 'active', { what: 'the Ed25519 key to be seen', everyMs: 500 });
  const ed = (await check())[0]?.selector ?? '';
  const recordOf = async () => {
    await check();
    const { body } = await desk.api('GET', `/v1/domains/${domain.id}`);
    return body.records.find((each: { id: string }) => each.id === `dkim:${ed}`)?.state;
  };
  await until(async () => (await recordOf()) === 'ok', {
    what: 'the record of the key that was looked for to be called right',
    everyMs: 1_000,
  });
  await until(async () => (await verdicts(await mail())).join() === `${two} pass,${ed} pass`, {
    what: 'both signatures',
    everyMs: 1_000,
  });
  assert.deepEqual((await atDoor.resolveNs(ZONE)).toSorted(), [`ns2.${PLATFORM}`]);
});

async function aliasOf(resolver: Resolver, selector: string): Promise<string> {
  return (await resolver.resolveCname(`${selector}._domainkey.${CLUB}`))[0] ?? '';
}

function resolverAt(address: string, port: number): Resolver {
  const resolver = new Resolver({ timeout: 5_000, tries: 3 });
  resolver.setServers([`${address}:${port}`]);
  return resolver;
}

/** The records of a domain's page, as its owner types them in. */
function zoneOf(records: readonly { type: string; host: string; value: string; needed: string }[]): Zone {
  const zone: Record<string, { TXT?: string[]; CNAME?: string[] }> = {};
  for (const { type, host, value, needed } of records) {
    if (needed === 'optional' || (type !== 'TXT' && type !== 'CNAME')) continue;
    const place = zone[host] ?? {};
    zone[host] = type === 'TXT' ? { ...place, TXT: [...(place.TXT ?? []), value] } : { CNAME: [value] };
  }
  return zone;
}
