// This file publishes a domain's own return path and takes it away again: the envelope aligns with From while the alias is seen, reports come home
// by either name, also by one that is gone since, and an invented address is still refused.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import type { ToPublish } from '../support/changing-zone.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';
import { zoneServer } from '../support/zone-server.ts';

const NAME = 'return-club-zone.test';

it('uses it while it is seen, and hears by both', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const dns = await zoneServer(end, NAME);
  const host = await startSmtpHost();
  end.after(() => host.close());
  const desk = await openDesk(end, { env: dns.env });
  const database = new pg.Client({ connectionString: desk.databaseUrl });
  await database.connect();
  end.after(() => database.end());
  await desk.route([await desk.smarthost(host.port)]);
  const { body: tenant } = await desk.api('POST', '/v1/tenants', { name: 'Return Club' });
  const { body: key } = await desk.api('POST', `/v1/tenants/${tenant.id}/credentials`, { kind: 'api_key' });
  const { body: domain } = await desk.api('POST', `/v1/tenants/${tenant.id}/domains`, { name: NAME }, key.api_key);
  const check = async () => {
    await database.query('update sending_domains set asked_at = null');
    return (await desk.api('POST', `/v1/domains/${domain.id}/check`, undefined, key.api_key)).body;
  };
  let count = 0;
  let signed = false;
  const envelope = async () => {
    count += 1;
    const to = `member+${count}@club.test`;
    await desk.hand({ from: `info@news.${NAME}`, to, subject: `${count}`, text: 'x' }, key.api_key);
    const mail = await until(() => host.accepted.find(({ rcptTo }) => rcptTo.includes(to)), { what: 'the smarthost to get it' });
    signed = new RegExp(`^DKIM-Signature:[^]*?\\bd=${NAME.replaceAll('.', '\\.')};`, 'm').test(mail.mime.toString('latin1'));
    return mail.mailFrom;
  };
  const hostOf = (address: string) => address.slice(address.indexOf('@') + 1);
  const inbound = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
  const report = (to: string) =>
    inbound.sendMail({ envelope: { from: '', to }, raw: `Subject: away\r\nTo: ${to}\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n` });

  dns.publish(domain.records);
  assert.equal((await check()).state, 'verified');
  const own = await until(
    async () => {
      const path = await envelope();
      return hostOf(path) === `bounce.${NAME}` && path;
    },
    { what: 'the own return path to be used', everyMs: 1_000 },
  );
  assert.ok(own);
  assert.ok(signed, 'the key that was seen signs');
  await report(own);
  await assert.rejects(report(own.replace(/^b-(.)/, (_, first) => `b-${first === 'a' ? 'b' : 'a'}`)), { responseCode: 550 });

  dns.publish(domain.records.filter(({ purpose }: ToPublish & { purpose: string }) => purpose !== 'return-path'));
  const { state, breaks_at: breaksAt } = await check();
  assert.deepEqual([state, breaksAt], ['warning', null], 'mail goes on without it');
  const shared = await until(
    async () => {
      const path = await envelope();
      return hostOf(path) !== `bounce.${NAME}` && path;
    },
    { what: "the platform's return path to be used again", everyMs: 1_000 },
  );
  assert.ok(shared);
  await report(shared);
  await report(own);
  const { body } = await desk.api('GET', '/v1/inbound-mails', undefined, key.api_key);
  assert.equal(body.data.length, 3, 'every report found its recipient');
  await desk.quiet();
});
