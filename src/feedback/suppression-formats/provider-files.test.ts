// This file tests the providers' forms of lists of held addresses: what each row means, what holds nobody, and that an export comes back as it was.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import type { ExportedHold, FileEntry } from '../suppression-file.ts';
import { SUPPRESSION_FILE_FORMATS } from '../suppression-files.ts';

function read(format: string, text: string): FileEntry[] {
  const reader = SUPPRESSION_FILE_FORMATS[format]?.reader();
  assert.ok(reader);
  return [...reader.push(text), ...reader.end()];
}

const said = (entry: FileEntry) =>
  'hold' in entry ? `${entry.hold.address} ${entry.hold.stream ?? 'all'} ${entry.hold.reason}` : `${entry.line}: ${entry.message}`;

const FILES: readonly [format: string, text: string, meanings: readonly (string | RegExp)[]][] = [
  [
    'sparkpost',
    `recipient,type,source,description
gone@mailbox.test,transactional,Bounce Rule,"550: 550 5.1.1 no such user"
gone@mailbox.test,non_transactional,Bounce Rule,"550: 550 5.1.1 no such user"
cross@mailbox.test,non_transactional,Spam Complaint,
left@mailbox.test,non_transactional,List Unsubscribe,"Unsubscribed, by link"
typed@mailbox.test,non_transactional,Manually Added,
fine@mailbox.test,transactional,Bounce Rule,"554: 5.7.1 client host [198.51.100.7] blocked using dnsbl.example"
rule@mailbox.test,transactional,Compliance,
odd@mailbox.test,transactional,Moonlight,
,transactional,Bounce Rule,
`,
    [
      'gone@mailbox.test all invalid-recipient',
      'gone@mailbox.test all invalid-recipient',
      'cross@mailbox.test bulk complaint',
      'left@mailbox.test bulk unsubscribed',
      'typed@mailbox.test bulk manual',
      /^7: .*not the recipient/,
      /^8: .*rule of the provider/,
      /^9: "Moonlight" is no source/,
      /^10: The address is missing/,
    ],
  ],
  [
    'sparkpost',
    'email,transactional,non_transactional\none@mailbox.test,true,true\ntwo@mailbox.test,false,true\n',
    ['one@mailbox.test all manual', 'two@mailbox.test bulk manual'],
  ],
  [
    'elastic-email',
    `Email,Status,FriendlyErrorMessage,ErrorCode,DateUpdated
gone@mailbox.test,Bounced,5.1.1 no such user,550,2026-10-01T10:00:00
bare@mailbox.test,Bounced,,,
cross@mailbox.test,Abuse,,,
left@mailbox.test,Unsubscribed,,,
full@mailbox.test,,mailbox full,552,
fine@mailbox.test,Bounced,5.7.1 blocked by our blocklist: 198.51.100.7 listed at dnsbl.example,554,
well@mailbox.test,Active,,,
`,
    [
      'gone@mailbox.test all invalid-recipient',
      'bare@mailbox.test all manual',
      'cross@mailbox.test bulk complaint',
      'left@mailbox.test bulk unsubscribed',
      'full@mailbox.test all mailbox-full',
      /^7: .*not the recipient/,
      /^8: "Active" is no status/,
    ],
  ],
  [
    'mandrill',
    `email,reason,detail,created_at,expires_at,last_event_at
gone@mailbox.test,hard-bounce,"smtp;550 5.1.1 no such user",2026-10-01 10:00:00,2026-12-01 10:00:00,
bare@mailbox.test,hard-bounce,,,,
soft@mailbox.test,soft-bounce,"smtp;552 5.2.2 over quota",,,
cross@mailbox.test,spam,,,,
left@mailbox.test,unsub,,,,
typed@mailbox.test,custom,asked by phone,,,
`,
    [
      'gone@mailbox.test all invalid-recipient',
      'bare@mailbox.test all invalid-recipient',
      /^4: It falls off/,
      'cross@mailbox.test bulk complaint',
      'left@mailbox.test bulk unsubscribed',
      'typed@mailbox.test all manual',
    ],
  ],
];

describe('the files of providers', () => {
  for (const [format, text, meanings] of FILES)
    it(`${format}: ${text.split('\n')[0]}`, () => {
      const entries = read(format, text);
      assert.equal(entries.length, meanings.length);
      for (const [index, meaning] of meanings.entries()) {
        const words = said(entries[index] ?? assert.fail('a row is missing'));
        if (typeof meaning === 'string') assert.equal(words, meaning);
        else assert.match(words, meaning);
      }
    });

  it('name the column they miss', () => {
    for (const format of ['sparkpost', 'elastic-email', 'mandrill'])
      assert.throws(() => read(format, 'name,phone\nA,1\n'), /Line 1 names no column/, format);
  });

  const reasons = ['invalid-recipient', 'complaint', 'unsubscribed', 'manual'] as const;
  const held = fc.record({
    address: fc.constantFrom('a@mailbox.test', '"o, b"@mailbox.test', 'ü@mailbox.test'),
    reason: fc.constantFrom(...reasons),
    evidence: fc.option(fc.string({ maxLength: 60 })),
  });
  for (const format of ['sparkpost', 'elastic-email', 'mandrill'])
    it(`${format}: an export is read back, whatever the words`, () => {
      fc.assert(
        fc.property(held, ({ address, reason, evidence }) => {
          const stream = reason === 'complaint' || reason === 'unsubscribed' ? 'bulk' : null;
          const words = reason === 'invalid-recipient' ? '550 5.1.1 no such user' : evidence;
          const hold: ExportedHold = { address, stream, reason, evidence: words, expiresAtMs: null, source: 'x', createdAtMs: 0 };
          const form = SUPPRESSION_FILE_FORMATS[format];
          assert.ok(form);
          const entries = read(format, form.head + form.render(hold) + form.foot);
          assert.ok(entries.length > 0);
          for (const entry of entries) {
            assert.ok('hold' in entry, JSON.stringify(entry));
            assert.equal(entry.hold.address, address);
            assert.equal(entry.hold.reason, reason);
          }
        }),
      );
    });
});
