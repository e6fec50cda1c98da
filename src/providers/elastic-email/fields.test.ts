// This file tests which messages Elastic Email's fields can hold without loss, and that everything of those is there.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { type ElasticContent, escapedHtml, mailboxText, toFields } from './fields.ts';

const HEAD = [
  'From: Club <office@club.example>',
  'To: A Member <a@example.com>',
  'Subject: Hi',
  'Message-ID: <1@club.example>',
  'MIME-Version: 1.0',
];
const TEXT = ['Content-Type: text/plain; charset=utf-8', '', 'Hello'];

function mime(head: readonly string[], body: readonly string[]): Buffer {
  return Buffer.from([...head, ...body, ''].join('\r\n'));
}

function contentOf(raw: Buffer): ElasticContent {
  const fields = toFields(raw);
  assert.ok(fields.ok, fields.ok ? '' : fields.reason);
  return fields.content;
}

describe('Elastic Email fields', () => {
  it('hold every part and header of an ordinary message', () => {
    const raw = mime(
      [
        ...HEAD,
        'Reply-To: help@club.example',
        'List-Unsubscribe: <https://club.example/u>',
        'X-ElasticEmail-Postback: mine',
        'Date: Sat, 21 Nov 2026 16:00:00 +0000',
      ],
      [
        'Content-Type: multipart/mixed; boundary=m',
        '',
        '--m',
        'Content-Type: multipart/alternative; boundary=a',
        '',
        '--a',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Gr=C3=BC=C3=9Fe',
        '--a',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<style>p{color:red}</style><p title="{x}">Hi {name}</p>',
        '--a--',
        '--m',
        'Content-Type: application/pdf',
        'Content-Disposition: attachment; filename="a.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        'AAEC',
        '--m--',
      ],
    );
    assert.deepEqual(contentOf(raw), {
      From: 'Club <office@club.example>',
      ReplyTo: 'help@club.example',
      Subject: 'Hi',
      Body: [
        { ContentType: 'HTML', Charset: 'utf-8', Content: '<style>p{color:red}</style><p title="&#123;x&#125;">Hi &#123;name&#125;</p>' },
        { ContentType: 'PlainText', Charset: 'utf-8', Content: 'Grüße' },
      ],
      Headers: { 'Message-ID': '<1@club.example>', 'List-Unsubscribe': '<https://club.example/u>' },
      Attachments: [{ BinaryContent: 'AAEC', Name: 'a.pdf', ContentType: 'application/pdf' }],
    });
  });

  const refused: [string, Buffer, RegExp][] = [
    [
      'two visible recipients',
      mime([...HEAD.slice(0, 1), 'To: a@example.com, b@example.com', ...HEAD.slice(2)], TEXT),
      /several addresses/,
    ],
    ['a visible copy', mime([...HEAD, 'Cc: b@example.com'], TEXT), /several addresses/],
    ['a group in To', mime([...HEAD.slice(0, 1), 'To: undisclosed-recipients:;', ...HEAD.slice(2)], TEXT), /names a group/],
    ['two reply addresses', mime([...HEAD, 'Reply-To: a@example.com, b@example.com'], TEXT), /Reply-To/],
    ['a header twice', mime([...HEAD, 'X-A: 1', 'X-A: 2'], TEXT), /more than once/],
    ['a merge field in the text', mime(HEAD, [...TEXT, 'Dear {name},']), /plain text holds/],
    ['a merge field in the subject', mime([...HEAD.slice(0, 2), 'Subject: {name}', ...HEAD.slice(3)], TEXT), /Subject holds/],
    ['a merge field in a header', mime([...HEAD, 'X-A: {b}'], TEXT), /X-A holds/],
    ['a bare name in a style sheet', mime(HEAD, ['Content-Type: text/html', '', '<style>{name}</style>']), /style sheet/],
    [
      'a line break hidden in an encoded word',
      mime([...HEAD.slice(0, 2), 'Subject: =?utf-8?Q?a=0Ab?=', ...HEAD.slice(3)], TEXT),
      /line break/,
    ],
    [
      'an inline image',
      mime(HEAD, [
        'Content-Type: multipart/related; boundary=r',
        '',
        '--r',
        'Content-Type: text/html',
        '',
        '<img src="cid:logo">',
        '--r',
        'Content-Type: image/png',
        'Content-ID: <logo>',
        '',
        'x',
        '--r--',
      ]),
      /inline images/,
    ],
    ['no text at all', mime(HEAD, ['Content-Type: application/pdf; name=a.pdf', '', 'x']), /neither a text nor an html/],
    ['a calendar invitation', mime(HEAD, ['Content-Type: text/calendar', '', 'BEGIN:VCALENDAR']), /calendar/],
  ];
  for (const [title, raw, words] of refused)
    it(`do not hold ${title}`, () => {
      const fields = toFields(raw);
      assert.ok(!fields.ok);
      assert.match(fields.reason, words);
    });

  it('leave braces that are no merge field alone in text', () => {
    const raw = mime(HEAD, [...TEXT, 'if (a) { } and {"json": 1} and {1}']);
    assert.equal(contentOf(raw).Body[0]?.Content.includes('{"json": 1}'), true);
  });

  it('escape every brace outside style sheets and scripts, in time that grows with the length', () => {
    assert.equal(
      escapedHtml('<p>{a}</p><script type="application/ld+json">{"@type":"x"}</script>{b}'),
      '<p>&#123;a&#125;</p><script type="application/ld+json">{"@type":"x"}</script>&#123;b&#125;',
    );
    assert.equal(escapedHtml('<STYLE>a{b:c}</STYLE >{x}'), '<STYLE>a{b:c}</STYLE >&#123;x&#125;');
    assert.equal(escapedHtml('<style>a{b:c}'), '<style>a{b:c}', 'a style sheet that never ends');
    assert.ok(escapedHtml(`{${'<style'.repeat(200_000)}`) !== null);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapedHtml(text);
        if (!/<(style|script)/i.test(text))
          assert.equal(
            escaped?.replaceAll('&#123;', '{').replaceAll('&#125;', '}'),
            text.replaceAll('&#123;', '{').replaceAll('&#125;', '}'),
          );
      }),
    );
  });

  it('write names so that they stay one mailbox', () => {
    const rows: [string | null, string][] = [
      [null, 'a@b.example'],
      ['Anna Müller', 'Anna Müller <a@b.example>'],
      ['Müller, Anna "A"', '"Müller, Anna \\"A\\"" <a@b.example>'],
      ['<x@y.example>', '"<x@y.example>" <a@b.example>'],
    ];
    const fields = toFields(mime(['From: a@b.example', 'Subject: x'], TEXT));
    assert.ok(fields.ok);
    const parsed = toFields(mime(['From: a@b.example', 'To: a@b.example', 'Subject: x'], TEXT));
    assert.ok(parsed.ok && parsed.to !== null);
    for (const [name, text] of rows) assert.equal(mailboxText({ ...parsed.to, name }), text);
  });

  it('never throw on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void toFields(Buffer.from(bytes))));
  });
});
