// This file logs in with access tokens at servers of other people: a real Dovecot that asks whose a token is, for a bounce mailbox, and a real Postfix in
// front of it, as smarthost. Tokens that were taken back are replaced, refresh tokens that are good for one use are followed, and what needs a person is said.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { startTokenEndpoint } from '../fakes/token-endpoint.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { startDovecot } from '../support/dovecot.ts';
import { postalWorldMissing } from '../support/postal-world.ts';
import { startPostfix } from '../support/postfix.ts';
import { until } from '../support/until.ts';

const skip = postalWorldMissing();
const BOX = 'bounces@seed.test';

describe('a log-in by access token', { skip }, async () => {
  if (skip) return;
  // The desk goes first, while everybody it speaks with is still there.
  const end = inReverse({ after });
  const endpoint = await startTokenEndpoint();
  end.after(() => endpoint.close());
  endpoint.rotates = true;
  endpoint.user = BOX;
  const dovecot = await startDovecot(end, { mailboxes: [BOX], imap: true, tokens: endpoint });
  const relay = await tcpRelay(dovecot.imapPort);
  end.after(() => relay.close());
  const postfix = await startPostfix(end, {
    main: { mynetworks: '', smtpd_sasl_auth_enable: 'yes', smtpd_sasl_type: 'dovecot', smtpd_sasl_path: dovecot.authSocket },
    transports: { 'seed.test': `lmtp:inet:127.0.0.1:${dovecot.lmtpPort}` },
  });
  const desk = await openDesk(end, { env: { PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS: 'true' } });
  const { from } = desk.bootstrap.demo_tenant;
  const byToken = { username: BOX, token_url: endpoint.url, client_id: 'desk', scope: 'https://mail.example/' };
  /** Every token is taken back, and whoever is logged in has to do it again. */
  const breakOff = () => {
    for (const token of endpoint.issued) endpoint.revoked.add(token);
    relay.refuse();
    relay.open();
  };
  const deliver = async (subject: string) => {
    const transport = createTransport({ host: '127.0.0.1', port: dovecot.lmtpPort, lmtp: true, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: '', to: [BOX] }, raw: `From: a@home.test\r\nSubject: ${subject}\r\n\r\nHello\r\n` });
    transport.close();
  };
  const read = (mailbox: string, count: number) =>
    until(async () => (await desk.api('GET', `/v1/inbound-mails?mailbox_id=${mailbox}`)).body.data.length === count, {
      what: `${count} mails to be read`,
    });

  it('reads a bounce mailbox of Dovecot, through tokens that are taken back and refresh tokens that are used up', {
    timeout: 600_000,
  }, async () => {
    await deliver('first');
    const { status, body: made } = await desk.api('POST', '/v1/mailboxes', {
      name: 'bounces',
      settings: { host: '127.0.0.1', port: relay.port, tls: 'none', ...byToken },
      secret: { refresh_token: 'first-refresh' },
    });
    assert.equal(status, 201, JSON.stringify(made));
    assert.ok(!JSON.stringify(made).includes('first-refresh'));
    await read(made.id, 1);
    assert.equal(endpoint.issued.length, 1);
    breakOff();
    await deliver('second');
    await read(made.id, 2);
    assert.deepEqual(
      endpoint.asked.map(({ refreshToken, scope }) => [refreshToken, scope]),
      [
        ['first-refresh', 'https://mail.example/'],
        ['refresh-1', 'https://mail.example/'],
      ],
    );
    // A person takes the consent back.
    endpoint.refreshTokens.clear();
    breakOff();
    const failing = await until(
      async () => {
        const { body } = await desk.api('GET', `/v1/mailboxes/${made.id}`);
        return /invalid_grant/.test(body.last_error ?? '') ? body : null;
      },
      { what: 'the mailbox to say what is wrong' },
    );
    assert.match(failing.last_error, /The refresh token is no longer good.*Sign in again/);
    endpoint.refreshTokens.add('signed-in-again');
    const again = await desk.api('PATCH', `/v1/mailboxes/${made.id}`, { secret: { refresh_token: 'signed-in-again' } });
    assert.equal(again.status, 200, JSON.stringify(again.body));
    await deliver('third');
    await read(made.id, 3);
    // Another user's token does not open this mailbox, however new it is.
    endpoint.user = 'other@seed.test';
    breakOff();
    await until(async () => /issued just now/.test((await desk.api('GET', `/v1/mailboxes/${made.id}`)).body.last_error ?? ''), {
      what: 'the mailbox to say that a new token was refused',
    });
    endpoint.user = BOX;
    await desk.api('DELETE', `/v1/mailboxes/${made.id}`);
  });

  it('hands mail to Postfix, and a test of the account says what is wrong with its log-in', { timeout: 600_000 }, async () => {
    endpoint.refreshTokens.add('for-sending');
    const { status, body: made } = await desk.api('POST', '/v1/provider-accounts', {
      name: 'Postfix',
      provider: 'smtp',
      settings: { host: '127.0.0.1', port: postfix.port, tls: 'none', ...byToken },
      secret: { refresh_token: 'for-sending' },
    });
    assert.equal(status, 201, JSON.stringify(made));
    const look = async () => (await desk.api('POST', `/v1/provider-accounts/${made.id}/test`)).body;
    const well = await look();
    assert.deepEqual([well.ok, /takes connections and the log-in/.test(well.detail)], [true, true], JSON.stringify(well));
    await desk.api('PUT', '/v1/routing', { accounts: [made.id] });
    const { id } = await desk.hand({ from, to: BOX, subject: 'By token', text: 'We start at nine.' });
    await desk.settled(id, ['handed_over']);
    await until(() => dovecot.inbox(BOX).some((mail) => mail.includes('Subject: By token')), { what: 'the mail to arrive' });
    endpoint.user = 'other@seed.test';
    const refused = await look();
    assert.equal(refused.ok, false);
    assert.match(refused.detail, /takes connections, but no mail: 535.*issued just now/s);
    endpoint.user = BOX;
    endpoint.answer = { status: 400, body: '{"error":"invalid_client","error_description":"the secret is 91 days old"}' };
    for (const token of endpoint.issued) endpoint.revoked.add(token);
    const expired = await look();
    assert.match(expired.detail, /invalid_client: the secret is 91 days old.*make a new client secret/);
    endpoint.answer = null;
    const mended = await look();
    assert.equal(mended.ok, true, JSON.stringify(mended));
  });
});
