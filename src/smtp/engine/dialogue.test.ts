import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../errors.ts';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer, type TestOptions } from './testing/test-server.ts';

const b64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const AUTH: TestOptions = { auth: { required: true, withoutTls: 'loopback' } };
const HELLO = ['EHLO client.test', /^250-mx\.test\|/] as const;

/** What the client writes (CR LF is added) and what it is told; null: the server closes. */
type Turn = readonly [line: string, reply: RegExp | null];

const TABLE: readonly [because: string, turns: readonly Turn[], options?: TestOptions][] = [
  [
    'EHLO lists what is offered',
    [['EHLO me', /^250-mx\.test\|250-PIPELINING\|250-SIZE 52428800\|250-8BITMIME\|250-SMTPUTF8\|250-CHUNKING\|250 ENHANCEDSTATUSCODES$/]],
  ],
  ['EHLO offers AUTH and DSN where they are on', [['EHLO me', /\|250-AUTH PLAIN LOGIN\|250-DSN\|/]], { ...AUTH, dsn: true }],
  ['EHLO offers no AUTH to a peer that may not use it', [['EHLO me', /^((?!AUTH).)*$/]], { auth: { required: true, withoutTls: 'never' } }],
  ['HELO is answered in one line', [['HELO me', /^250 mx\.test$/]]],
  [
    'EHLO needs a name',
    [
      ['EHLO', /^501 5\.5\.4/],
      ['EHLO  ', /^501/],
      ['EHLO a b', /^501/],
      ['HELO', /^501/],
    ],
  ],
  [
    'commands come in any case',
    [
      ['ehlo me', /^250/],
      ['mail from:<a@b.test>', /^250 2\.1\.0/],
      ['Rcpt To:<c@d.test>', /^250 2\.1\.5/],
      ['data', /^354/],
    ],
  ],
  ['MAIL before EHLO', [['MAIL FROM:<a@b.test>', /^503 5\.5\.1/]]],
  ['RCPT before MAIL', [HELLO, ['RCPT TO:<a@b.test>', /^503 5\.5\.1/]]],
  ['DATA before MAIL', [HELLO, ['DATA', /^503 5\.5\.1/]]],
  ['DATA before RCPT', [HELLO, ['MAIL FROM:<a@b.test>', /^250/], ['DATA', /^554 5\.5\.1.*MAIL_RECIPIENTS_MISSING/]]],
  ['DATA with an argument', [HELLO, ['MAIL FROM:<a@b.test>', /^250/], ['RCPT TO:<a@b.test>', /^250/], ['DATA now', /^501/]]],
  ['MAIL twice', [HELLO, ['MAIL FROM:<a@b.test>', /^250/], ['MAIL FROM:<a@b.test>', /^503/]]],
  ['MAIL without FROM:', [HELLO, ['MAIL <a@b.test>', /^501/], ['MAIL', /^501/], ['MAIL FROM:', /^501/], ['MAIL FROM:a@b.test', /^501/]]],
  ['the null sender', [HELLO, ['MAIL FROM:<>', /^250/], ['RCPT TO:<a@b.test>', /^250/]]],
  ['a null recipient', [HELLO, ['MAIL FROM:<>', /^250/], ['RCPT TO:<>', /^553 5\.1\.3/]]],
  ['a sender without domain', [HELLO, ['MAIL FROM:<postmaster>', /^553 5\.1\.7/]]],
  ['a recipient postmaster', [HELLO, ['MAIL FROM:<>', /^250/], ['RCPT TO:<postmaster>', /^250/]]],
  [
    'a bad sender and a bad recipient',
    [HELLO, ['MAIL FROM:<a b@c>', /^553 5\.1\.7.*MAIL_ADDRESS_INVALID/], ['MAIL FROM:<>', /^250/], ['RCPT TO:<a@>', /^553 5\.1\.3/]],
  ],
  ['address literals', [HELLO, ['MAIL FROM:<>', /^250/], ['RCPT TO:<a@[127.0.0.1]>', /^553 5\.1\.3.*[Ll]iteral/]]],
  [
    'SIZE over the limit',
    [HELLO, ['MAIL FROM:<a@b.test> SIZE=1001', /^552 5\.3\.4.*MAIL_TOO_LARGE/], ['MAIL FROM:<a@b.test> SIZE=1000', /^250/]],
    { limits: { sizeBytes: 1_000 } },
  ],
  [
    'parameters nobody offered',
    [
      HELLO,
      ['MAIL FROM:<a@b.test> RET=FULL', /^555 5\.5\.4/],
      ['MAIL FROM:<a@b.test>', /^250/],
      ['RCPT TO:<a@b.test> NOTIFY=NEVER', /^555/],
    ],
  ],
  [
    'a UTF-8 address needs SMTPUTF8',
    [
      HELLO,
      ['MAIL FROM:<jörg@b.test>', /^553 5\.6\.7.*MAIL_NEEDS_SMTPUTF8/],
      ['MAIL FROM:<jörg@b.test> SMTPUTF8', /^250/],
      ['RCPT TO:<ä@ö.test>', /^250/],
    ],
  ],
  ['a UTF-8 recipient needs it too', [HELLO, ['MAIL FROM:<a@b.test>', /^250/], ['RCPT TO:<ä@ö.test>', /^553 5\.6\.7/]]],
  [
    'RSET forgets the transaction',
    [HELLO, ['MAIL FROM:<a@b.test>', /^250/], ['RSET', /^250/], ['RCPT TO:<a@b.test>', /^503/], ['MAIL FROM:<a@b.test>', /^250/]],
  ],
  ['EHLO forgets it too', [HELLO, ['MAIL FROM:<a@b.test>', /^250/], HELLO, ['RCPT TO:<a@b.test>', /^503/]]],
  [
    'NOOP, HELP and VRFY',
    [
      ['NOOP', /^250/],
      ['NOOP some words', /^250/],
      ['HELP', /^214/],
      ['HELP MAIL', /^214/],
      ['VRFY a@b.test', /^252/],
    ],
  ],
  [
    'EXPN is off, other words are unknown',
    [
      ['EXPN list', /^502 5\.5\.1/],
      ['FROBNICATE', /^500 5\.5\.1/],
      ['', /^500/],
    ],
  ],
  [
    'QUIT',
    [
      ['QUIT now', /^501/],
      ['QUIT', /^221 2\.0\.0/],
      ['NOOP', null],
    ],
  ],
  [
    'a web browser',
    [
      ['POST / HTTP/1.1', /^421 4\.7\.0/],
      ['EHLO me', null],
    ],
  ],
  [
    'control characters',
    [
      ['NOOP \x07', /^500 5\.5\.2/],
      ['NOOP\tx', /^500/],
      ['NOOP \0', /^500/],
      ['NOOP', /^250/],
    ],
  ],
  ['STARTTLS where there is none', [HELLO, ['STARTTLS', /^502/]]],
  ['AUTH where there is none', [HELLO, ['AUTH PLAIN', /^502/]]],
  ['MAIL before a login that is required', [HELLO, ['MAIL FROM:<a@b.test>', /^530 5\.7\.0.*AUTH_MISSING/]], AUTH],
  ['a login by PLAIN', [HELLO, [`AUTH PLAIN ${b64('\0u\0p')}`, /^235 2\.7\.0/], ['MAIL FROM:<a@b.test>', /^250/]], AUTH],
  [
    'a login by LOGIN',
    [HELLO, ['AUTH LOGIN', /^334 VXNlcm5hbWU6$/], [b64('u'), /^334 UGFzc3dvcmQ6$/], [b64('p'), /^235/], ['MAIL FROM:<>', /^250/]],
    AUTH,
  ],
  ['a login that is cancelled', [HELLO, ['AUTH PLAIN', /^334 $|^334$/], ['*', /^501 5\.7\.0/], ['NOOP', /^250/]], AUTH],
  ['a login before EHLO', [[`AUTH PLAIN ${b64('\0u\0p')}`, /^503/]], AUTH],
  ['a second login', [HELLO, [`AUTH PLAIN ${b64('\0u\0p')}`, /^235/], [`AUTH PLAIN ${b64('\0u\0p')}`, /^503/]], AUTH],
  [
    'a login inside a transaction',
    [HELLO, ['MAIL FROM:<>', /^250/], [`AUTH PLAIN ${b64('\0u\0p')}`, /^503/]],
    { auth: { required: false, withoutTls: 'always' } },
  ],
  [
    'a login without TLS where that is forbidden',
    [HELLO, [`AUTH PLAIN ${b64('\0u\0p')}`, /^530 5\.7\.0.*TLS_REQUIRED/]],
    { auth: { required: true, withoutTls: 'never' } },
  ],
  ['AUTH= on MAIL', [HELLO, [`AUTH PLAIN ${b64('\0u\0p')}`, /^235/], ['MAIL FROM:<> AUTH=<>', /^250/]], AUTH],
  ['a line that is not UTF-8 cancels a login', [HELLO, ['AUTH LOGIN', /^334/], ['\x01', /^500/], ['NOOP', /^250/]], AUTH],
];

describe('a conversation', () => {
  for (const [because, turns, options] of TABLE) {
    it(because, async () => {
      await using server = await startTestServer(options);
      await using client = await RawClient.connect(server.port);
      assert.match((await client.reply()) ?? '', /^220 mx\.test ESMTP/);
      for (const [line, expected] of turns) {
        const reply = await client.ask(line);
        if (expected === null) assert.equal(reply, null);
        else assert.match(reply ?? '(closed)', expected, `to "${line}"`);
      }
    });
  }
});

describe('handlers', () => {
  it('are asked at every step and may refuse, at once or later', async () => {
    const no = { code: 550, enhanced: '5.7.1', text: 'No.' };
    for (const answer of [() => no, async () => no]) {
      await using server = await startTestServer({
        ...AUTH,
        auth: { required: false, withoutTls: 'always' },
        handlers: { onMail: answer, onAuth: answer },
      });
      await using client = await RawClient.hello(server.port);
      assert.equal(await client.ask('MAIL FROM:<a@b.test>'), '550 5.7.1 No.');
      assert.equal(await client.ask('RCPT TO:<a@b.test>'), '503 5.5.1 Give MAIL FROM first');
      assert.equal(await client.ask(`AUTH PLAIN ${b64('\0u\0p')}`), '550 5.7.1 No.');
    }
    await using server = await startTestServer({
      handlers: { onRcpt: async (_s, { address }) => (address.startsWith('bad') ? no : undefined) },
    });
    await using client = await RawClient.hello(server.port);
    await client.ask('MAIL FROM:<a@b.test>');
    assert.equal(await client.ask('RCPT TO:<bad@b.test>'), '550 5.7.1 No.');
    assert.equal(await client.ask('RCPT TO:<good@b.test>'), '250 2.1.5 Recipient ok');
    await client.ask('DATA');
    assert.equal(await client.ask('hi\r\n.'), '250 2.0.0 taken 1');
    assert.deepEqual(server.taken, [{ from: 'a@b.test', recipients: ['good@b.test'], data: 'hi\r\n' }]);
  });

  it('may refuse a connection with the greeting', async () => {
    await using server = await startTestServer({ handlers: { onConnect: () => ({ code: 554, enhanced: '5.7.1', text: 'Not you.' }) } });
    await using client = await RawClient.connect(server.port);
    assert.deepEqual(await client.rest(), ['554 5.7.1 Not you.']);
  });

  it('that throw an AppError are told in its words, anything else as 451 without detail', async () => {
    const paused = new AppError('TENANT_SUSPENDED', 'Paused.');
    const bug = new TypeError('secret detail');
    await using server = await startTestServer({
      handlers: {
        onMail: (_s, { address }) => Promise.reject(address.startsWith('app') ? paused : bug),
      },
    });
    await using client = await RawClient.hello(server.port);
    assert.match((await client.ask('MAIL FROM:<app@b.test>')) ?? '', /^550 5\.7\.1 Paused\. .*TENANT_SUSPENDED/);
    const hidden = await client.ask('MAIL FROM:<bug@b.test>');
    assert.match(hidden ?? '', /^451 4\.3\.0/);
    assert.doesNotMatch(hidden ?? '', /secret detail/);
  });

  it('see the session: address, name, TLS, and keep their own state in it', async () => {
    await using server = await startTestServer({
      handlers: {
        onMail(session) {
          session.state = `${session.remoteAddress} ${session.helo} ${session.esmtp} ${session.secure}`;
          return undefined;
        },
        onData: (session) => ({ code: 250, enhanced: '2.0.0', text: session.state ?? 'nothing' }),
      },
    });
    await using client = await RawClient.hello(server.port);
    await client.openData();
    assert.equal(await client.ask('hi\r\n.'), '250 2.0.0 127.0.0.1 client.test true false');
  });

  it('get the envelope with its parameters, DSN among them', async () => {
    let seen: unknown;
    await using server = await startTestServer({
      dsn: true,
      handlers: {
        onData(_session, { envelope }) {
          seen = envelope;
          return { code: 250, enhanced: '2.0.0', text: 'Ok' };
        },
      },
    });
    await using client = await RawClient.hello(server.port);
    await client.ask('MAIL FROM:<a@b.test> SIZE=5 BODY=8BITMIME RET=HDRS ENVID=x1');
    await client.ask('RCPT TO:<c@d.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c@d.test');
    await client.ask('DATA');
    await client.ask('hi\r\n.');
    assert.deepEqual(seen, {
      from: { address: 'a@b.test', params: { size: 5, body: '8BITMIME', smtpUtf8: false, ret: 'HDRS', envid: 'x1' } },
      recipients: [{ address: 'c@d.test', params: { notify: ['SUCCESS', 'FAILURE'], orcpt: 'rfc822;c@d.test' } }],
    });
  });
});

describe('a fault in the engine itself', () => {
  it('costs one connection and not the process', async () => {
    // A handler that breaks its type makes the engine throw while it writes the reply.
    const broken = undefined as never;
    for (const onData of [() => broken, async () => broken]) {
      await using server = await startTestServer({ handlers: { onData } });
      await using client = await RawClient.hello(server.port);
      await client.openData();
      client.write('hi\r\n.\r\n');
      assert.deepEqual(await client.rest(), []);
      await using other = await RawClient.hello(server.port);
      assert.match((await other.ask('NOOP')) ?? '', /^250/);
    }
  });
});
