import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../errors.ts';
import { silentLog } from '../log.ts';
import { RawClient } from './engine/testing/raw-client.ts';
import { createSubmissionDoor, type SubmissionDeps, type SubmissionLogin, type SubmittedMail } from './submission.ts';

const LOGIN: SubmissionLogin = { tenantId: 'ten-1', credentialId: 'cred-1', defaultStream: 'transactional' };
const authPlain = (user: string, password: string) => `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`;
const GOOD = authPlain('club', 'right');
const WRONG = authPlain('club', 'wrong');

interface Door extends AsyncDisposable {
  readonly port: number;
  readonly accepted: { login: SubmissionLogin; mail: SubmittedMail }[];
  readonly asked: string[];
  /** Moves the door's clock on. */
  pass(ms: number): void;
}

async function openDoor(changes: Partial<SubmissionDeps> = {}): Promise<Door> {
  const accepted: Door['accepted'] = [];
  const asked: string[] = [];
  let now = 0;
  const door = createSubmissionDoor({
    hostname: 'smtp.test',
    authenticate: async (username, password) => {
      asked.push(username);
      return password.reveal() === 'right' ? LOGIN : null;
    },
    networkCredential: () => null,
    accept: async (login, mail) => {
      accepted.push({ login, mail });
      return { id: `msg-${accepted.length}` };
    },
    log: silentLog,
    clock: { monotonicMs: () => now },
    tls: null,
    ...changes,
  });
  const { port } = await door.listen(0, '127.0.0.1');
  return {
    port,
    accepted,
    asked,
    pass(ms) {
      now += ms;
    },
    [Symbol.asyncDispose]: () => door.close({ graceMs: 0 }),
  };
}

async function loggedIn(door: Door): Promise<RawClient> {
  const client = await RawClient.hello(door.port);
  assert.match((await client.ask(GOOD)) ?? '', /^235/);
  return client;
}

describe('the submission door', () => {
  it('takes mail after login and answers with the id once it is committed', async () => {
    await using door = await openDoor();
    await using client = await loggedIn(door);
    await client.openData('from@club.test', 'to@d.test');
    assert.equal(await client.ask('From: from@club.test\r\n\r\nhello\r\n.'), '250 2.0.0 queued as msg-1');
    const [taken] = door.accepted;
    assert.deepEqual(taken?.login, LOGIN);
    assert.deepEqual(
      { ...taken?.mail, data: taken?.mail.data.toString() },
      {
        mailFrom: 'from@club.test',
        recipients: ['to@d.test'],
        data: 'From: from@club.test\r\n\r\nhello\r\n',
        smtpUtf8: false,
        eightBit: false,
        dsn: null,
        client: { remoteAddress: '127.0.0.1', helo: 'client.test', esmtp: true, secure: false },
      },
    );
  });

  it('does not answer before accept has resolved', async () => {
    const commit = Promise.withResolvers<{ id: string }>();
    await using door = await openDoor({ accept: () => commit.promise });
    await using client = await loggedIn(door);
    await client.openData();
    client.write('hi\r\n.\r\n');
    const answer = client.reply();
    assert.equal(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 30, 'nothing yet'))]), 'nothing yet');
    commit.resolve({ id: 'late' });
    assert.equal(await answer, '250 2.0.0 queued as late');
  });

  it('reads recipients from RCPT TO only: To, Cc and Bcc headers add nobody and remove nobody', async () => {
    await using door = await openDoor();
    await using client = await loggedIn(door);
    await client.ask('MAIL FROM:<a@club.test>');
    for (const address of ['one@d.test', 'two@d.test', 'hidden@d.test']) await client.ask(`RCPT TO:<${address}>`);
    await client.ask('DATA');
    const headers =
      'From: a@club.test\r\nTo: one@d.test, stranger@d.test\r\nCc: other@d.test\r\nBcc: hidden@d.test, nobody@d.test\r\n\r\nhi\r\n';
    await client.ask(`${headers}.`);
    assert.deepEqual(door.accepted[0]?.mail.recipients, ['one@d.test', 'two@d.test', 'hidden@d.test']);
    assert.equal(door.accepted[0]?.mail.data.toString(), headers, 'headers go on untouched');
  });

  it('takes a recipient named twice once', async () => {
    await using door = await openDoor();
    await using client = await loggedIn(door);
    await client.ask('MAIL FROM:<a@club.test>');
    for (const address of ['one@d.test', 'two@d.test', 'one@d.test', 'ONE@d.test']) await client.ask(`RCPT TO:<${address}>`);
    await client.ask('DATA');
    await client.ask('hi\r\n.');
    assert.deepEqual(door.accepted[0]?.mail.recipients, ['one@d.test', 'two@d.test', 'ONE@d.test']);
  });

  it('notices bytes above 127, SMTPUTF8 and the null sender', async () => {
    await using door = await openDoor();
    await using client = await loggedIn(door);
    await client.ask('MAIL FROM:<> SMTPUTF8 BODY=8BITMIME');
    await client.ask('RCPT TO:<jörg@ö.test>');
    await client.ask('DATA');
    await client.ask('Subject: Grüße\r\n\r\nhi\r\n.');
    const mail = door.accepted[0]?.mail;
    assert.deepEqual([mail?.mailFrom, mail?.recipients, mail?.smtpUtf8, mail?.eightBit], ['', ['jörg@ö.test'], true, true]);
  });

  it('hands on what was asked about reports, where DSN is offered', async () => {
    await using door = await openDoor({ dsn: true });
    await using client = await loggedIn(door);
    await client.ask('MAIL FROM:<a@club.test> RET=HDRS ENVID=e1');
    await client.ask('RCPT TO:<one@d.test> NOTIFY=NEVER');
    await client.ask('RCPT TO:<two@d.test>');
    await client.ask('DATA');
    await client.ask('hi\r\n.');
    assert.deepEqual(door.accepted[0]?.mail.dsn, {
      ret: 'HDRS',
      envid: 'e1',
      recipients: [{ address: 'one@d.test', notify: ['NEVER'], orcpt: null }],
    });
  });

  it('refuses mail without login, a wrong password with a hint, and a recipient without a domain', async () => {
    await using door = await openDoor();
    await using client = await RawClient.hello(door.port);
    assert.match((await client.ask('MAIL FROM:<a@club.test>')) ?? '', /^530 5\.7\.0 .*AUTH_MISSING/);
    assert.match((await client.ask(WRONG)) ?? '', /^535 5\.7\.8 .*Check the key or password.*AUTH_INVALID/);
    assert.match((await client.ask(GOOD)) ?? '', /^235/);
    await client.ask('MAIL FROM:<a@club.test>');
    assert.match((await client.ask('RCPT TO:<postmaster>')) ?? '', /^553 5\.1\.3/);
  });

  it('tells refusals of authenticate and accept in the words of the error', async () => {
    await using door = await openDoor({
      authenticate: (username) => {
        if (username === 'paused') throw new AppError('CREDENTIAL_SUSPENDED', 'This credential is paused.');
        return LOGIN;
      },
      accept: (_login, mail) =>
        Promise.reject(
          mail.mailFrom === '' ? new AppError('MAIL_FROM_MISSING', 'There is no From header.') : new Error('database on fire'),
        ),
    });
    await using client = await RawClient.hello(door.port);
    assert.match((await client.ask(authPlain('paused', 'x'))) ?? '', /^535 5\.7\.8 .*CREDENTIAL_SUSPENDED/);
    assert.match((await client.ask(GOOD)) ?? '', /^235/);
    await client.ask('MAIL FROM:<>');
    await client.ask('RCPT TO:<a@b.test>');
    await client.ask('DATA');
    assert.match((await client.ask('hi\r\n.')) ?? '', /^550 5\.6\.0 .*MAIL_FROM_MISSING/);
    await client.openData();
    assert.match((await client.ask('hi\r\n.')) ?? '', /^451 4\.3\.0 /);
  });

  it('lets a known network in without login, and a login there counts instead', async () => {
    const network: SubmissionLogin = { tenantId: 'ten-2', credentialId: 'net-1', defaultStream: 'bulk' };
    await using door = await openDoor({ networkCredential: (address) => (address === '127.0.0.1' ? network : null) });
    await using client = await RawClient.hello(door.port);
    await client.openData();
    await client.ask('hi\r\n.');
    assert.match((await client.ask(GOOD)) ?? '', /^235/);
    await client.openData();
    await client.ask('hi\r\n.');
    assert.deepEqual(
      door.accepted.map(({ login }) => login.credentialId),
      ['net-1', 'cred-1'],
    );
  });

  it('behind a proxy, knows networks by the client that the proxy names', async () => {
    const network: SubmissionLogin = { tenantId: 'ten-2', credentialId: 'net-1', defaultStream: 'bulk' };
    const networkCredential = (address: string) => (address === '10.1.2.3' ? network : null);
    await using door = await openDoor({ networkCredential, proxies: ['127.0.0.1'] });
    for (const [address, reply] of [
      ['10.1.2.3', /^250/],
      ['10.1.2.4', /^530/],
    ] as const) {
      await using client = await RawClient.connect(door.port);
      client.write(`PROXY TCP4 ${address} 10.0.0.1 4711 2587\r\n`);
      assert.match((await client.reply()) ?? '', /^220/);
      await client.ask('EHLO c.test');
      assert.match((await client.ask('MAIL FROM:<a@club.test>')) ?? '', reply);
    }
  });

  it('stops one name that keeps failing without asking again, and lets its neighbours in', async () => {
    await using door = await openDoor();
    const attempt = async (line: string) => {
      await using client = await RawClient.hello(door.port);
      const reply = await client.ask(line);
      return reply;
    };
    for (let n = 0; n < 10; n++) assert.match((await attempt(WRONG)) ?? '', /^535/);
    assert.match((await attempt(GOOD)) ?? '', /^421 4\.7\.0 .*AUTH_THROTTLED/);
    assert.equal(door.asked.length, 10);
    assert.match((await attempt(authPlain('neighbour', 'right'))) ?? '', /^235/);
    door.pass(120_000);
    assert.match((await attempt(GOOD)) ?? '', /^235/);
  });

  it('stops an address that tries many names', async () => {
    await using door = await openDoor();
    const replies: (string | null)[] = [];
    for (let n = 0; n < 61; n++) {
      await using client = await RawClient.hello(door.port);
      replies.push(await client.ask(authPlain(`name-${n}`, 'wrong')));
    }
    assert.equal(replies.filter((reply) => reply?.startsWith('535')).length, 60);
    assert.match(replies.at(-1) ?? '', /^421 .*AUTH_THROTTLED/);
  });

  it('does not count a database that is away as a failed login', async () => {
    await using door = await openDoor({ authenticate: () => Promise.reject(new AppError('STORE_UNAVAILABLE', 'The database is away.')) });
    for (let n = 0; n < 15; n++) {
      await using client = await RawClient.hello(door.port);
      assert.match((await client.ask(GOOD)) ?? '', /^451 4\.3\.0/);
    }
  });

  it('keeps a credential to its messages per minute, over all its connections', async () => {
    await using door = await openDoor({ authenticate: () => ({ ...LOGIN, ratePerMinute: 3 }) });
    await using one = await loggedIn(door);
    await using two = await loggedIn(door);
    for (const client of [one, two, one]) {
      await client.openData();
      assert.match((await client.ask('hi\r\n.')) ?? '', /^250/);
    }
    assert.match((await two.ask('MAIL FROM:<a@b.test>')) ?? '', /^451 4\.7\.1 .*3 messages a minute.*RATE_LIMITED/);
    door.pass(120_000);
    assert.match((await two.ask('MAIL FROM:<a@b.test>')) ?? '', /^250/);
  });

  it('hears in an open session that the limit changed, that the login is paused and that it is gone', async () => {
    let now: () => SubmissionLogin | null | Promise<SubmissionLogin | null> = () => LOGIN;
    await using door = await openDoor({ renew: () => now() });
    await using client = await loggedIn(door);
    const hand = async () => {
      await client.openData();
      return client.ask('hi\r\n.');
    };
    const mail = () => client.ask('MAIL FROM:<a@b.test>');
    assert.match((await hand()) ?? '', /^250/);
    now = () => ({ ...LOGIN, ratePerMinute: 1 });
    assert.match((await hand()) ?? '', /^250/, 'counted from now on');
    assert.match((await mail()) ?? '', /^451 .*RATE_LIMITED/);
    now = async () => ({ ...LOGIN, ratePerMinute: 5, defaultStream: 'bulk' });
    assert.match((await hand()) ?? '', /^250/);
    assert.deepEqual(
      door.accepted.map(({ login }) => [login.ratePerMinute, login.defaultStream]),
      [
        [undefined, 'transactional'],
        [1, 'transactional'],
        [5, 'bulk'],
      ],
    );
    now = () => Promise.reject(new AppError('CREDENTIAL_SUSPENDED', 'This credential is paused.'));
    assert.match((await mail()) ?? '', /^535 .*CREDENTIAL_SUSPENDED/);
    now = () => null;
    assert.match((await mail()) ?? '', /^535 .*AUTH_INVALID/);
    now = () => LOGIN;
    assert.match((await hand()) ?? '', /^250/);
  });

  it('takes the next transactions behind the dot of the first', async () => {
    await using door = await openDoor();
    await using client = await loggedIn(door);
    client.write(
      'MAIL FROM:<1@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\none\r\n.\r\nMAIL FROM:<2@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n',
    );
    const replies = await client.rest();
    assert.deepEqual(
      replies.filter((reply) => reply.includes('queued')),
      ['250 2.0.0 queued as msg-1', '250 2.0.0 queued as msg-2'],
    );
    assert.deepEqual(
      door.accepted.map(({ mail }) => `${mail.mailFrom} ${mail.data}`),
      ['1@b.test one\r\n', '2@b.test two\r\n'],
    );
  });

  it('refuses 50 MB and a byte with its size in the reply', async () => {
    await using door = await openDoor();
    await using client = await loggedIn(door);
    assert.match(
      (await client.ask(`MAIL FROM:<a@b.test> SIZE=${50 * 1024 * 1024 + 1}`)) ?? '',
      /^552 5\.3\.4 .*52428800 bytes.*MAIL_TOO_LARGE/,
    );
  });
});
