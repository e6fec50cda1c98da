// This file checks what the contact of an organisation hears about its domain, and that organisations without one hear nothing by mail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changingZone } from '../../test/support/changing-zone.ts';
import { httpDesk, platformForTests } from '../../test/support/http-desk.ts';
import { silentLog } from '../log.ts';
import { takeSystemMails } from '../store/system-mails.ts';
import { GRACE_MS } from '../tenancy/domain-state.ts';
import { makeCheckDomain } from './check-domain.ts';
import { makeTellContact } from './tell-contact.ts';

const HOUR_MS = 3_600_000;

test('the contact hears when a domain is ready, about to break, broken and repaired, in the language of the organisation', async (t) => {
  const zone = changingZone();
  const desk = await httpDesk(t, { lookup: zone.lookup });
  const { keys, ids, rights } = desk.deps;
  const club = await desk.tenant('Club House');
  const { body: domain } = await desk.ask('POST', `/v1/tenants/${club.id}/domains`, { key: club.key, body: { name: 'club.example' } });
  const bare = await desk.ask('PATCH', `/v1/tenants/${club.id}`, { body: { contact_email: 'no address' } });
  assert.equal(bare.body.code, 'MAIL_ADDRESS_INVALID');
  const said = await desk.ask('PATCH', `/v1/tenants/${club.id}`, {
    body: { contact_email: 'treasurer@club.test', language: 'de' },
  });
  assert.deepEqual([said.body.contact_email, said.body.language], ['treasurer@club.test', 'de']);
  let nowMs = Date.parse('2027-03-01T09:00:00Z');
  const check = makeCheckDomain({
    ...{ pool: desk.pool, ids, rights, log: silentLog, lookup: zone.lookup, platform: platformForTests },
    clock: { nowMs: () => nowMs },
    random: () => 0.5,
    tell: makeTellContact({ keys, ids }),
  });
  const heard = async () => {
    await check(club.id, domain.id);
    return (await takeSystemMails(desk.pool, keys, 10)).map(({ kind, to, subject, text }) => ({ kind, to, subject, text }));
  };
  const without = (purpose: string) => domain.records.filter((record: { purpose: string }) => record.purpose !== purpose);

  assert.deepEqual(await heard(), [], 'nothing is published yet, and that is no news');
  zone.publish(domain.records);
  const [ready] = await heard();
  assert.deepEqual([ready?.kind, ready?.to, ready?.subject], ['domain-verified', 'treasurer@club.test', 'club.example ist bereit']);
  zone.publish(without('return-path'));
  assert.deepEqual(await heard(), [], 'a lost extra is no reason for a mail');
  zone.publish(without('dkim'));
  const [warned] = await heard();
  assert.equal(warned?.subject, 'club.example: Ein DNS-Eintrag muss berichtigt werden');
  assert.match(
    warned?.text ?? '',
    /Bis 2027-03-04 09:00 UTC geht Ihre Post weiter[\s\S]+\nTXT pb\d+\._domainkey\.club\.example\nsoll sein: v=DKIM1/,
  );
  assert.ok(!warned?.text.includes('bounce.club.example'), 'only what has to be mended');
  assert.deepEqual(await heard(), [], 'once');
  nowMs += GRACE_MS - 24 * HOUR_MS;
  assert.equal((await heard())[0]?.kind, 'domain-warning', 'and once more a day before the end');
  nowMs += HOUR_MS;
  assert.deepEqual(await heard(), []);
  nowMs += 23 * HOUR_MS;
  assert.equal((await heard())[0]?.kind, 'domain-broken');
  zone.publish(without('return-path'));
  assert.equal((await heard())[0]?.kind, 'domain-repaired', 'an extra that is still missing does not hide it');

  await desk.ask('PATCH', `/v1/tenants/${club.id}`, { body: { contact_email: null } });
  zone.publish(without('dkim'));
  assert.deepEqual(await heard(), []);
});
