import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Arrival, makeMailboxes } from './mailboxes.ts';

function arrival(address: string, subject: string, bytes = 10): Arrival {
  const mime = Buffer.alloc(bytes, 'x');
  return { address, folder: 'inbox', atMs: 0, provider: 'smtp', mailFrom: 'a@club.test', subject, trace: 'Trace: yes\r\n', mime };
}

describe('Simulated mailboxes', () => {
  it('give back the mail of one address, oldest first, trace headers on top', () => {
    const mailboxes = makeMailboxes();
    mailboxes.put(arrival('a@mailbox.test', 'one'));
    mailboxes.put(arrival('b@mailbox.test', 'other'));
    mailboxes.put(arrival('A@mailbox.test', 'two'));
    const mails = mailboxes.read('a@mailbox.test');
    assert.deepEqual(
      mails.map((mail) => mail.subject),
      ['one', 'two'],
    );
    assert.equal(mails[0]?.raw.toString(), 'Trace: yes\r\nxxxxxxxxxx');
  });

  it('forget the oldest mail beyond their number and their bytes', () => {
    const mailboxes = makeMailboxes({ mailsMax: 3, bytesMax: 1_000 });
    for (let n = 0; n < 50; n += 1) mailboxes.put(arrival('a@mailbox.test', String(n)));
    assert.deepEqual(
      mailboxes.read('a@mailbox.test').map((mail) => mail.subject),
      ['47', '48', '49'],
    );
    mailboxes.put(arrival('a@mailbox.test', 'large', 990));
    assert.deepEqual(
      mailboxes.read('a@mailbox.test').map((mail) => mail.subject),
      ['49', 'large'],
    );
    mailboxes.put(arrival('a@mailbox.test', 'larger than all', 5_000));
    assert.equal(mailboxes.count, 1);
  });
});
