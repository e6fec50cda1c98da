import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import PostalMime from 'postal-mime';
import { fc } from '../../test/support/property.ts';
import { composeMime } from './compose.ts';
import { merge, sparkpostSyntaxError } from './merge.ts';
import { addresses, decodeWords, firstAddress, headerField, isAddress, joinMessage, splitMessage, withoutFields } from './mime.ts';
import { makeDataReader } from './smarthost/data.ts';
import { parseMail, parseRcpt, unstuff } from './smarthost/envelope.ts';

describe('Reading a message at a provider', () => {
  const head = 'From: "Club, the" <office@club.test>\r\nSubject: a\r\n long\r\n\tone\r\nX-MC-Tags: x\r\n';

  it('finds fields folded over lines, without regard to case', () => {
    assert.equal(headerField(head, 'subject'), 'a long\tone');
    assert.equal(headerField(head, 'Missing'), null);
    assert.equal(firstAddress(headerField(head, 'From') ?? ''), 'office@club.test');
  });

  it('reads a comment of escaped quotes in time that grows with its length', () => {
    assert.equal(firstAddress(`a@x.test ("${'\\"'.repeat(200_000)})`), 'a@x.test');
  });

  it('takes fields out whole', () => {
    assert.equal(
      withoutFields(head, (name) => name === 'subject'),
      'From: "Club, the" <office@club.test>\r\nX-MC-Tags: x\r\n',
    );
  });

  it('splits and joins without changing a byte', () => {
    for (const mime of ['A: b\r\n\r\nbody\r\n\r\nmore', '\r\nbody', 'A: b\r\n\r\n']) {
      const split = splitMessage(Buffer.from(mime));
      assert.equal(joinMessage(split).toString(), mime);
    }
  });

  for (const [value, expected] of [
    ['a@x.test, B <b@x.test>', ['a@x.test', 'b@x.test']],
    ['Team: a@x.test, b@x.test;', ['a@x.test', 'b@x.test']],
    ['"a@fake.test" <real@x.test>', ['real@x.test']],
    ['nobody', []],
  ] as const) {
    it(`reads the addresses of ${value}`, () => assert.deepEqual(addresses(value), expected));
  }

  it('decodes encoded words and leaves unknown charsets alone', () => {
    assert.equal(decodeWords('=?utf-8?B?R3LDvMOfZQ==?= =?iso-8859-1?Q?_aus_K=F6ln?='), 'Grüße aus Köln');
    assert.equal(decodeWords('=?x-nothing?Q?a?='), '=?x-nothing?Q?a?=');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        addresses(value);
        decodeWords(value);
        isAddress(value);
        sparkpostSyntaxError(value);
        splitMessage(Buffer.from(value));
      }),
    );
  });
});

describe('Composing a message at a provider', () => {
  it('makes MIME that a strict parser reads back', async () => {
    const png = Buffer.from('not really a picture');
    const mime = composeMime({
      from: { email: 'office@club.test', name: 'Bücherei "Nord"' },
      to: 'Anna <a@mailbox.test>',
      subject: `Einladung für ${'ä'.repeat(60)}`,
      text: 'Hallo\n.\nTschüs',
      html: '<p>Hallö <img src="cid:logo"></p>',
      replyTo: 'help@club.test',
      headers: { 'X-Pm-Id': 'm1', 'Content-Type': 'never', From: 'never@x.test' },
      attachments: [
        { name: 'Plan.pdf', type: 'application/pdf', base64: Buffer.from('pdf').toString('base64'), cid: null },
        { name: 'logo', type: 'image/png', base64: png.toString('base64'), cid: 'logo' },
      ],
      messageId: '0190-abc',
      atMs: 1_795_276_800_000,
    });
    const mail = await PostalMime.parse(mime);
    assert.equal(mail.from?.address, 'office@club.test');
    assert.equal(mail.from?.name, 'Bücherei "Nord"');
    assert.equal(mail.subject, `Einladung für ${'ä'.repeat(60)}`);
    assert.equal(mail.text?.replaceAll('\r\n', '\n').trim(), 'Hallo\n.\nTschüs');
    assert.match(mail.html ?? '', /Hallö/);
    assert.deepEqual(
      mail.attachments.map((one) => [one.filename, one.mimeType, one.disposition]),
      [
        ['logo', 'image/png', 'inline'],
        ['Plan.pdf', 'application/pdf', 'attachment'],
      ],
    );
    assert.ok(
      mime
        .toString()
        .split('\r\n')
        .every((line) => line.length <= 998),
    );
  });
});

describe('Placeholders', () => {
  const lookup = (name: string) => (name === 'first' ? 'Anna' : undefined);

  for (const [syntax, content, expected] of [
    ['sparkpost', 'Hi {{first}} {{ first }}{{{first}}} {{gone}}!', 'Hi Anna AnnaAnna !'],
    ['elastic-email', 'Hi {first}{gone} {color:red} {}', 'Hi Anna {color:red} {}'],
    ['handlebars', 'Hi {{first}}', 'Hi Anna'],
    ['mailchimp', 'Hi *|first|* {{first}}', 'Hi Anna {{first}}'],
  ] as const) {
    it(`are filled in as ${syntax} does`, () => assert.equal(merge(content, syntax, lookup), expected));
  }

  it('that do not close are an error at SparkPost', () => {
    assert.equal(sparkpostSyntaxError('plain {single} text'), null);
    assert.equal(sparkpostSyntaxError('{{ fine }} {{if x}}y{{end}}'), null);
    assert.match(sparkpostSyntaxError('{{ open') ?? '', /without/);
    assert.match(sparkpostSyntaxError('{{ "json": 1 }}') ?? '', /no expression/);
  });
});

describe('The end of data', () => {
  const message = 'Subject: x\r\n\r\n..\r\n.\n.\r\nlast\r\n';

  it('is found however the bytes are cut, and what follows is given back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.constantFrom('', 'A: b\r\n\r\nhello\r\n', 'x\n.\ny\r\n'), (size, content) => {
        const stuffed = content.replace(/(^|\r\n)\./g, '$1..');
        const stream = Buffer.from(`${stuffed}.\r\nQUIT\r\n`);
        const reader = makeDataReader(1_000);
        let after = '';
        for (let at = 0, done = false; at < stream.length; at += size) {
          const chunk = stream.subarray(at, at + size);
          if (done) {
            after += chunk.toString();
            continue;
          }
          const read = reader.push(chunk);
          done = read.done;
          after += read.rest.toString();
        }
        assert.equal(unstuff(reader.content() ?? Buffer.from('too large')).toString(), content);
        assert.equal(after, 'QUIT\r\n');
      }),
    );
  });

  it('gives nothing for a message that is too large', () => {
    const reader = makeDataReader(10);
    assert.equal(reader.push(Buffer.from(`${message.replace(/\./g, '')}\r\n.\r\n`)).done, true);
    assert.equal(reader.content(), null);
  });
});

describe('Envelope commands', () => {
  it('are read with their parameters', () => {
    assert.deepEqual(parseMail('FROM:<a@x.test> SIZE=12 SMTPUTF8 ENVID=a+2Bb RET=HDRS'), {
      address: 'a@x.test',
      sizeBytes: 12,
      smtpUtf8: true,
      envid: 'a+b',
    });
    assert.equal(parseMail('FROM:<>')?.address, '');
    assert.deepEqual(parseRcpt('to: <@relay.test:a@x.test> NOTIFY=failure,DELAY ORCPT=rfc822;A+40x.test'), {
      address: 'a@x.test',
      notify: ['FAILURE', 'DELAY'],
      orcpt: 'rfc822;A@x.test',
    });
  });

  it('that name nobody are refused', () => {
    for (const rest of ['', 'TO:', 'TO:<>', 'TO:<nobody>', 'TO:<a b@x.test>', 'FROM:<a@x.test>']) assert.equal(parseRcpt(rest), null);
    assert.equal(parseMail('TO:<a@x.test>'), null);
  });
});
