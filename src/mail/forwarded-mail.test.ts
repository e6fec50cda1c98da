import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { forwardedMail, readForwardMark } from './forwarded-mail.ts';
import { readHeaders } from './headers.ts';
import { inspectMessage } from './inspect.ts';

const RAW = Buffer.from(
  'Received: from a by b\r\nDKIM-Signature: v=1\r\nFrom: Ann <ann@home.test>\r\nTo: b-token@returns.test\r\nCc: x@y.test\r\nSubject: Re: Regatta\r\nIn-Reply-To: <1@club.test>\r\nContent-Type: text/plain; charset=utf-8\r\nX-Packetboat-Stream: bulk\r\n\r\nThank you. Ü\r\n',
);
const forwarding = {
  from: 'office@club.test',
  to: 'captain@club.test',
  author: { address: 'ann@home.test', name: 'Ann' },
  replyTo: { address: 'ann@home.test', name: 'Ann' },
  via: 'Rowing Club',
  mark: '1; returns.test',
};

test('body and thread stay, sender and addressees are new, and nothing of the way it came is handed on but its hops', () => {
  const mime = forwardedMail(RAW, readHeaders(RAW), forwarding).toString();
  assert.equal(
    mime,
    'From: "Ann via Rowing Club" <office@club.test>\r\nTo: captain@club.test\r\nReply-To: "Ann" <ann@home.test>\r\nX-Desk-Forwarded: 1; returns.test\r\nReceived: from a by b\r\nSubject: Re: Regatta\r\nIn-Reply-To: <1@club.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThank you. Ü\r\n',
  );
});

test('any name makes a message that our own door takes, with one From of ours', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }), (name, via) => {
      const facts = inspectMessage(
        forwardedMail(RAW, readHeaders(RAW), {
          ...forwarding,
          via,
          author: { address: 'ann@home.test', name },
          replyTo: { address: 'ann@home.test', name },
        }),
      );
      assert.ok(facts.ok, facts.ok ? '' : facts.error.message);
      assert.deepEqual(
        facts.value.from.map(({ address }) => address),
        ['office@club.test'],
      );
    }),
    { numRuns: 40 },
  );
});

test('a mark says how often and by whom; one that cannot be read counts as too often', () => {
  const mark = (value: string) => readForwardMark(readHeaders(Buffer.from(`X-Desk-Forwarded: ${value}\r\n\r\n`)));
  assert.deepEqual(mark('1; Returns.Test'), { hops: 1, by: 'returns.test' });
  assert.deepEqual(readForwardMark(readHeaders(Buffer.from('From: x\r\n\r\n'))), { hops: 0, by: '' });
  assert.ok(mark('lots').hops > 100);
});
