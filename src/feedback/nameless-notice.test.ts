// This file tests reports that name their recipient in no form we can write to: the return path knows whom they are about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFeedbackMail } from './from-mail.ts';

const NAMELESS = `From: System Administrator <postmaster@club.example>
To: b-token@bounces.verein.example
Subject: Undeliverable: Annual meeting

Your message did not reach some or all of the intended recipients.

      Subject:  Your mailbox is full of good news
      Sent:     12/7/99 3:06 PM

The following recipient(s) could not be reached:

      c=US;a= ;p=Club;o=Site A;dda:MSEXCHANGE=/o=PRI/ou=WEST/cn=Recipients/cn=b4501a7a; on 12/7/99 3:06 PM
            The recipient name is not recognized.
`;

test('Exchange names a recipient in X.400 only: the report is a bounce, about whom the return path says', () => {
  const { kind, recipients } = readFeedbackMail(Buffer.from(NAMELESS));
  assert.deepEqual(
    [kind, recipients.map((one) => [one.address, one.action, one.class])],
    ['bounce', [['', 'failed', 'invalid-recipient']]],
  );
});

test('the same words in a mail of a person make no bounce', () => {
  const mail = NAMELESS.replace(/^From: .*/m, 'From: Kim <kim@club.example>').replace(
    'Subject: Undeliverable',
    'Subject: Re: Undeliverable',
  );
  assert.equal(readFeedbackMail(Buffer.from(mail)).kind, 'other');
});
