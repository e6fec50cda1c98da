// This file writes From anew in mails of every kind: nothing but the named headers changes, the person can always be answered, and no header can be forged by a name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { parseAddressList } from './address-list.ts';
import { fieldsNamed, fieldText, fieldValue, readHeaders } from './headers.ts';
import { inspectMessage } from './inspect.ts';
import { rewriteFrom, rewrittenName } from './rewrite-from.ts';

const TO = { address: 'maria@rowing-club.club-mail.test', organisation: 'Rowing Club' };

function rewritten(raw: string, to = TO): { text: string; from: string; replyTo: string[] } {
  const bytes = Buffer.from(raw);
  const facts = inspectMessage(bytes);
  assert.ok(facts.ok, raw);
  const out = rewriteFrom(bytes, facts.value, to);
  const again = inspectMessage(out);
  assert.ok(again.ok, out.toString());
  const block = readHeaders(out);
  const [from, ...more] = fieldsNamed(block, 'from');
  assert.ok(from && more.length === 0);
  return {
    text: out.toString(),
    from: fieldText(block, from),
    replyTo: fieldsNamed(block, 'reply-to').map((field) => fieldValue(block, field)),
  };
}

test('The name readers see', () => {
  const rows: [name: string | null, expected: string][] = [
    [null, 'Rowing Club'],
    ['', 'Rowing Club'],
    ['Maria Berg', 'Maria Berg via Rowing Club'],
    ['The rowing club of Example', 'The rowing club of Example'],
    ['maria@gmail.com', 'Rowing Club'],
    ['"security@bank.example"', 'Rowing Club'],
  ];
  for (const [name, expected] of rows) assert.equal(rewrittenName(name, 'Rowing Club'), expected);
});

test('Reply-To names who stood in From, as it was written, unless the caller named somebody', () => {
  assert.deepEqual(rewritten('From: maria@gmail.com\r\nSubject: x\r\n\r\nx\r\n').replyTo, ['maria@gmail.com']);
  const folded =
    'From: =?utf-8?Q?Maria?=\r\n =?utf-8?Q?_Berg?=\r\n <maria@gmail.com>,\r\n Board <board@gmail.com>\r\nSubject: x\r\n\r\nx\r\n';
  const { replyTo, text, from } = rewritten(folded);
  const list = parseAddressList(replyTo[0] ?? '');
  assert.deepEqual(list.ok && list.value.map(({ address, name }) => [address, name]), [
    ['maria@gmail.com', 'Maria Berg'],
    ['board@gmail.com', 'Board'],
  ]);
  assert.match(text, /^Reply-To: =\?utf-8\?Q\?Maria\?=\r\n =\?utf-8/m, 'its folding stays');
  assert.equal(from, '"Maria Berg via Rowing Club" <maria@rowing-club.club-mail.test>');
  assert.deepEqual(rewritten('From: maria@gmail.com\r\nReply-To: board@gmx.de\r\n\r\nx\r\n').replyTo, ['board@gmx.de']);
  assert.deepEqual(rewritten('From: maria@gmail.com\r\nReply-To: \r\n\r\nx\r\n').replyTo, ['maria@gmail.com'], 'an empty one is none');
  assert.deepEqual(rewritten('From: Müller <müller@gmail.com>\r\n\r\nx\r\n').replyTo, ['Müller <müller@gmail.com>'], 'UTF-8 stays UTF-8');
});

test('What a new From would break goes; everything else keeps its bytes and its order', () => {
  const kept = [
    'Received: from a by b',
    'X-Odd:    spaces   \t',
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\tfolded',
    'Message-ID: <1@gmail.com>',
  ];
  const dropped = [
    'DKIM-Signature: v=1;\r\n d=gmail.com',
    'dkim-signature: v=1; d=1e100.net',
    'DomainKey-Signature: x',
    'X-Google-DKIM-Signature: v=1',
    'ARC-Seal: i=1',
    'ARC-Message-Signature: i=1',
    'ARC-Authentication-Results: i=1',
    'Authentication-Results: x',
    'Received-SPF: pass',
    'Sender: maria@gmail.com',
  ];
  const body = 'a body  \r\n.dot\r\n\r\n\r\n';
  const { text } = rewritten(
    `${kept[0]}\r\n${dropped.join('\r\n')}\r\nFrom: maria@gmail.com\r\n${kept.slice(1).join('\r\n')}\r\n\r\n${body}`,
  );
  assert.equal(text, `From: "Rowing Club" <${TO.address}>\r\nReply-To: maria@gmail.com\r\n${kept.join('\r\n')}\r\n\r\n${body}`);
});

test('No name, of a person or an organisation, forges a header or loses the address', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
      (name, organisation) => {
        const encoded = `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`;
        const { text, from } = rewritten(`From: ${encoded} <maria@gmail.com>\r\nSubject: x\r\n\r\nx\r\n`, { ...TO, organisation });
        const block = readHeaders(Buffer.from(text));
        const [field] = block.fields;
        const list = parseAddressList(field ? fieldValue(block, field) : '');
        assert.ok(from.endsWith(`<${TO.address}>`));
        assert.equal(list.ok && list.value.length, 1);
        assert.deepEqual(
          block.fields.map(({ name: each }) => each),
          ['from', 'reply-to', 'subject'],
        );
      },
    ),
    { numRuns: 300 },
  );
});
