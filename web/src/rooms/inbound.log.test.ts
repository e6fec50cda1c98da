// This file reads the log lines of Inbound, of bounce mailboxes and of a provider's list in every situation, in both languages.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeInbound } from '../../mock/inbound-world.ts';
import { said } from '../../mock/said.ts';
import { formats } from '../format.ts';
import { logLine, mailLine } from './inbound.log.ts';
import { readDetail } from './inbound-detail.ts';
import { mailboxSecret, mailboxSettings, storedMailbox } from './mailbox-fields.ts';

const NOW = Date.parse('2026-03-12T13:32:05Z');
const [english, german] = [formats('en', 'Europe/Berlin'), formats('de', 'Europe/Berlin')];
const world = makeInbound(NOW);
const [mail] = world.mails;
assert.ok(mail);

describe('the log line of Inbound', () => {
  const ill = world.mailboxes.filter((mailbox) => mailbox.status === 'failing');
  const of = (data: typeof world.mails, filters = {}, boxes: typeof ill = []) => {
    const data_ = { page: { data, next: null }, filters, ill: boxes };
    assert.notEqual(said(logLine(data_, english)), said(logLine(data_, german)));
    return said(logLine(data_, english));
  };
  it('names a mailbox that cannot be read first, then what no rule could read', () => {
    assert.equal(
      of(world.mails, {}, ill),
      'The mailbox Old newsletter tool cannot be read. One mail could not be read and needs a person.',
    );
  });
  it('says what is about nobody we know, else that all is placed', () => {
    assert.match(of([mail, { ...mail, outcome: 'unmatched' }]), /one is about nobody we know/);
    assert.match(of([mail]), /read and placed/);
  });
  it('says a good emptiness, and an empty search', () => {
    assert.match(of([]), /No mail has come back yet/);
    assert.match(of([], { kind: 'bounce' }), /fits/);
  });
  it('has a sentence for every outcome and kind of one mail, and for a kind it does not know', () => {
    for (const outcome of ['waiting', 'recorded', 'unmatched', 'forwarded', 'kept', 'unreadable'] as const)
      for (const kind of ['bounce', 'delayed', 'delivered', 'complaint', 'auto-reply', 'other', null] as const)
        assert.notEqual(said(mailLine({ kind, outcome }, english)), said(mailLine({ kind, outcome }, german)));
  });
});

describe('what was read in a mail', () => {
  it('is shown part by part', () => {
    const read = readDetail(mail.detail);
    assert.equal(read.recipients[0]?.codes, '550 5.1.1');
    assert.equal(read.matched.length, 1);
    assert.equal(read.reportingMta, 'mx3.mailbox.test');
  });
  it('holds for a mail nobody could read, and for parts of another shape', () => {
    assert.deepEqual(readDetail(null).recipients, []);
    assert.deepEqual(readDetail({ recipients: 'many', matched: [null, 3, { address: 'a@b.test' }], complaint: [] }), readDetail({}));
  });
});

describe('the fields of a bounce mailbox', () => {
  it('come from what is stored and go back the same, numbers as numbers', () => {
    const settings = world.mailboxes[0]?.settings ?? {};
    const { verify_certificate: _, ...shown } = settings;
    assert.deepEqual(mailboxSettings(storedMailbox(settings), false), shown);
  });
  it('hold what the chosen way to log in needs, and take away what the other one left', () => {
    const stored = storedMailbox({ host: 'h', username: 'u', grant: 'refresh_token', token_url: 'https://t/', client_id: 'c' });
    const typed = { ...stored, refresh_token: ' r ', password: 'p', client_secret: '' };
    const { grant, token_url: url, client_id: client, scope } = mailboxSettings(typed, true);
    assert.deepEqual([grant, url, client, scope], ['refresh_token', 'https://t/', 'c', null]);
    assert.deepEqual(mailboxSecret(typed), { refresh_token: 'r' });
    const back = mailboxSettings({ ...typed, grant: '' }, true);
    assert.deepEqual([back['grant'], back['token_url'], back['client_id'], back['scope']], [null, null, null, null]);
    assert.deepEqual(mailboxSecret({ ...typed, grant: '' }), { password: 'p' });
    assert.ok(!('grant' in mailboxSettings({ ...typed, grant: '' }, false)));
  });
});
