// This file makes the mock's mails that came back, its bounce mailboxes, a provider's own list, and two settings about mail.
import type { BounceNotices, InboundMailDetail, ListEntry, ListSync, Mailbox, ReplyForwarding } from '../src/api/schema.gen.ts';
import { DAY, HOUR, id, iso, MINUTE, TENANT } from './clockwork.ts';

export interface InboundWorld {
  readonly mails: InboundMailDetail[];
  readonly mailboxes: Mailbox[];
  readonly entries: ListEntry[];
  sync: ListSync;
  notices: BounceNotices;
  forwarding: ReplyForwarding;
}

const RETURN_PATH = 'b-mfzwizltmfzgkzdbonswczlt@bounce.harbour.example';
const MESSAGE = '0198c004-0000-7000-8000-000000000008';

export function makeInbound(now: number): InboundWorld {
  return {
    mails: makeMails(now),
    mailboxes: makeMailboxes(now),
    entries: makeEntries(now),
    sync: makeSync(now),
    notices: makeNotices(now),
    forwarding: { tenant_id: TENANT, enabled: true, to: 'office@rowing-club.example' },
  };
}

function makeMails(now: number): InboundMailDetail[] {
  const row = (number: number, more: Partial<InboundMailDetail>): InboundMailDetail => ({
    id: id(0x20, number),
    received_at: iso(now - number * 47 * MINUTE),
    tenant_id: TENANT,
    source: 'smtp',
    mailbox_id: null,
    mail_from: '',
    rcpt_to: RETURN_PATH,
    remote_address: '198.51.100.70',
    size: 4_812,
    from: 'Mail Delivery System <MAILER-DAEMON@mx3.mailbox.test>',
    subject: 'Undelivered Mail Returned to Sender',
    kind: 'bounce',
    class: 'invalid-recipient',
    fault: 'recipient',
    outcome: 'recorded',
    matched_by: 'return-path',
    recipient_id: id(0x21, number),
    message_id: MESSAGE,
    forwarded_message_id: null,
    note: null,
    times_read: 1,
    read_at: iso(now - number * 47 * MINUTE + 900),
    detail: { recipients: [], complaint: null, challenge: false, reporting_mta: null, matched: [] },
    ...more,
  });
  const verdict = {
    address: 'old.member@mailbox.test',
    action: 'failed',
    status: '5.1.1',
    code: 550,
    class: 'invalid-recipient',
    fault: 'recipient',
    hard: true,
    suppress: true,
    diagnostic: 'smtp; 550 5.1.1 <old.member@mailbox.test>: Recipient address rejected: User unknown in virtual mailbox table',
    rule: 'postfix-user-unknown',
  };
  const matched = [{ address: verdict.address, message_id: MESSAGE, recipient_id: id(0x21, 1) }];
  const nothing = { recipients: [], complaint: null, challenge: false, reporting_mta: null, matched: [] };
  return [
    row(1, { detail: { ...nothing, recipients: [verdict], reporting_mta: 'mx3.mailbox.test', matched } }),
    row(2, {
      kind: 'complaint',
      class: null,
      fault: null,
      from: 'Feedback Loop <fbl@mailbox.test>',
      subject: 'complaint about message from 198.51.100.24',
      detail: { ...nothing, complaint: { type: 'abuse' }, matched },
    }),
    row(3, {
      kind: 'auto-reply',
      class: 'auto-reply',
      fault: null,
      from: 'Anna Weber <anna@mailbox.test>',
      subject: 'Abwesenheit: Ihre Nachricht „Regatta am Sonntag, Treffpunkt am Bootshaus um neun Uhr“',
      outcome: 'kept',
      detail: nothing,
    }),
    row(4, {
      kind: 'other',
      class: null,
      fault: null,
      from: 'Jonas Brandt <jonas@mailbox.test>',
      subject: 'Re: Regatta on Sunday',
      outcome: 'forwarded',
      forwarded_message_id: MESSAGE,
      detail: nothing,
    }),
    row(5, {
      tenant_id: null,
      source: 'imap',
      mailbox_id: id(0x22, 1),
      rcpt_to: '',
      matched_by: null,
      recipient_id: null,
      message_id: null,
      outcome: 'unmatched',
      class: 'mailbox-full',
      detail: { ...nothing, recipients: [{ ...verdict, class: 'mailbox-full', hard: false, suppress: false, rule: null }] },
    }),
    row(6, {
      tenant_id: null,
      kind: null,
      class: null,
      fault: null,
      from: '',
      subject: '',
      outcome: 'unreadable',
      matched_by: null,
      note: 'The parts nest deeper than 100 levels.',
      times_read: 5,
      detail: null,
    }),
    row(7, { kind: null, class: null, fault: null, outcome: 'waiting', read_at: null, times_read: 0, detail: null, matched_by: null }),
    ...Array.from({ length: 60 }, (_, index) => row(8 + index, { detail: { ...nothing, recipients: [verdict], matched } })),
  ];
}

function makeMailboxes(now: number): Mailbox[] {
  const row = (number: number, name: string, more: Partial<Mailbox>): Mailbox => ({
    id: id(0x22, number),
    name,
    settings: {
      host: 'imap.harbour.example',
      port: 993,
      tls: 'implicit',
      username: 'bounces@harbour.example',
      folder: 'INBOX',
      after: 'move',
      move_to: 'Processed',
      wait: 'idle',
      interval_s: 300,
      verify_certificate: true,
    },
    state: 'active',
    status: 'waiting',
    mails_read: 1_204,
    last_read_at: iso(now - 4 * MINUTE),
    last_error: null,
    last_error_at: null,
    failing_since: null,
    failures: 0,
    next_look_at: iso(now + 5 * MINUTE),
    created_at: iso(now - 80 * DAY),
    ...more,
  });
  return [
    row(1, 'Bounces of the smarthost', {}),
    row(2, 'Old newsletter tool', {
      status: 'failing',
      failures: 3,
      mails_read: 18,
      last_read_at: iso(now - 9 * HOUR),
      last_error: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
      last_error_at: iso(now - 20 * MINUTE),
      failing_since: iso(now - 9 * HOUR),
    }),
    row(3, 'Test', { state: 'paused', status: 'paused', mails_read: 0, last_read_at: null }),
  ];
}

function makeEntries(now: number): ListEntry[] {
  const row = (number: number, address: string, more: Partial<ListEntry> = {}): ListEntry => ({
    address,
    stream: null,
    why: 'bounce',
    label: 'Bounce Rule',
    class: 'invalid-recipient',
    diagnostic: '550 5.1.1 <old.member@mailbox.test>: Recipient address rejected: User unknown',
    listed_at: iso(now - number * 3 * DAY),
    verdict: 'hold',
    seen_at: iso(now - HOUR),
    ...more,
  });
  return [
    row(1, 'anna@mailbox.test'),
    row(2, 'berta@mailbox.test', { why: 'complaint', label: 'Spam Complaint', class: 'complaint', stream: 'bulk', diagnostic: null }),
    row(3, 'carl@mailbox.test', {
      verdict: 'ours',
      class: 'ip-reputation',
      diagnostic: '554 5.7.1 Service unavailable; Client host [198.51.100.24] blocked using zen.example',
    }),
    row(4, 'dora.with.a.rather.long.name@some.department.mailbox.test', { verdict: 'delivered-since', listed_at: null }),
  ];
}

function makeSync(now: number): ListSync {
  return {
    account_id: id(3, 2),
    state: 'waiting',
    every_s: 3_600,
    push_holds: 'own-list',
    follow_removals: true,
    own_list_by: 'A subaccount has a list of its own.',
    due_at: iso(now + 20 * MINUTE),
    started_at: iso(now - 41 * MINUTE),
    ended_at: iso(now - 40 * MINUTE),
    whole: false,
    whole_at: iso(now - 6 * HOUR),
    counts: { entries: 412, held: 3, held_before: 390, strangers: 12, 'left:ours': 7 },
    changes: { waiting: 2, refused: 0, look_ups: 0, last_refusal: null },
    last_error: null,
    last_error_at: null,
    needs_person: false,
  };
}

function makeNotices(now: number): BounceNotices {
  const last = (number: number, state: 'handed_over' | 'dropped'): BounceNotices['last'][number] => ({
    id: id(0x23, number),
    recipient_id: id(0x21, number),
    message_id: MESSAGE,
    kind: 'failed',
    to: `b.12.${number}.a1b2c3@crm.rowing-club.example`,
    address: 'old.member@mailbox.test',
    class: 'invalid-recipient',
    at: iso(now - number * 20 * MINUTE),
    state,
    tries: 1,
    reply: state === 'dropped' ? 'The domain of the envelope sender is not verified.' : '250 2.0.0 Ok: queued as 4XyZ',
    ended_at: iso(now - number * 20 * MINUTE),
  });
  return {
    tenant_id: TENANT,
    enabled: true,
    to: 'envelope-sender',
    classes: null,
    complaints: false,
    account_id: null,
    last_day: { handed_over: 14, dropped: 2 },
    last: [last(1, 'handed_over'), last(2, 'dropped'), last(3, 'handed_over')],
  };
}
