import assert from 'node:assert/strict';
import { test } from 'node:test';
import { automaticBecause, isNobody } from './automatic.ts';
import { readHeaders } from './headers.ts';

const MACHINES: readonly [string, RegExp][] = [
  ['From: a@b.test\r\nAuto-Submitted: auto-generated', /^Auto-Submitted/],
  ['From: a@b.test\r\nPrecedence: BULK', /^Precedence/],
  ['From: a@b.test\r\nList-Id: <x.b.test>', /list-id/],
  ['From: a@b.test\r\nX-Loop: me', /x-loop/],
  ['From: a@b.test\r\nContent-Type: multipart/report; report-type=disposition-notification', /report/],
  ['Return-Path: <>\r\nFrom: a@b.test', /null sender/],
  ['Subject: no author', /no author/],
  ['From: a@b.test\r\nFrom: c@d.test', /no author/],
  ['From: Mail <MAILER-DAEMON@b.test>', /MAILER-DAEMON/],
  ['From: no-reply+17@b.test', /no-reply/],
];

test('what machines write is known by its marks', () => {
  for (const [headers, because] of MACHINES)
    assert.match(automaticBecause(readHeaders(Buffer.from(`${headers}\r\n\r\nx`))) ?? 'nothing', because, headers);
});

test('what people write is not', () => {
  for (const headers of [
    'From: a@b.test',
    'From: "Ann" <ann@b.test>\r\nAuto-Submitted: no\r\nPrecedence: first-class',
    'Return-Path: <a@b.test>\r\nFrom: a@b.test',
  ])
    assert.equal(automaticBecause(readHeaders(Buffer.from(`${headers}\r\n\r\nx`))), null, headers);
  assert.equal(isNobody('norah@b.test'), false);
});
