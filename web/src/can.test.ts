import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RECIPIENT_STATES } from './api/model.ts';
import { type Action, can, canMakeFor } from './can.ts';
import { mayMake, type Person } from './person.ts';

const OPERATOR: Person = { role: 'operator', ofTenant: false };
const VIEWER: Person = { role: 'viewer', ofTenant: false };
const CLUB: Person = { role: 'operator', ofTenant: true };

describe('what may be done', () => {
  const rows: readonly (readonly [action: Action, state: string, person: Person, door: string, because: string])[] = [
    ['cancelRecipient', 'queued', OPERATOR, 'open', 'it has not left'],
    ['cancelRecipient', 'submitting', OPERATOR, 'closed', 'it is on the wire'],
    ['cancelRecipient', 'delivered', CLUB, 'closed', 'it has left'],
    ['cancelRecipient', 'queued', VIEWER, 'absent', 'a viewer never may'],
    ['releaseRecipient', 'held', CLUB, 'open', 'its own mail'],
    ['releaseRecipient', 'queued', OPERATOR, 'closed', 'it is not held'],
    ['replayInbound', 'kept', CLUB, 'open', 'its own mail'],
    ['replayInbound', 'waiting', OPERATOR, 'closed', 'it waits already'],
    ['suspendTenant', 'active', CLUB, 'absent', 'that is the platform’s'],
    ['resumeCredential', 'suspended', CLUB, 'absent', 'what an operator paused, only an operator resumes'],
    ['revokeCredential', 'revoked', OPERATOR, 'closed', 'it is revoked'],
    ['removeAccount', 'active', OPERATOR, 'closed', 'it has to be paused first'],
    ['removeAccount', 'paused', OPERATOR, 'open', 'nothing is on its way there'],
    ['pauseAccount', 'something new', OPERATOR, 'closed', 'a state we do not know allows nothing'],
  ];
  for (const [action, state, person, door, because] of rows) {
    it(`${action} in ${state} is ${door}: ${because}`, () => assert.equal(can(action, state, person, 'en').door, door));
  }

  it('has an answer with a reason for every state of a recipient, in both languages', () => {
    for (const action of ['cancelRecipient', 'releaseRecipient'] as const) {
      for (const state of RECIPIENT_STATES) {
        for (const lang of ['en', 'de'] as const) {
          const door = can(action, state, OPERATOR, lang);
          if (door.door === 'closed') assert.match(door.reason, /\.$/);
        }
      }
    }
  });

  it('makes nothing for an organisation that is not known yet', () => {
    assert.equal(canMakeFor('', 'de').door, 'closed');
    assert.equal(canMakeFor('0198c002-0000-7000-8000-000000000001', 'de').door, 'open');
  });

  it('lets people of a tenant make credentials, and nothing of the platform', () => {
    assert.equal(mayMake('credential', CLUB), true);
    assert.equal(mayMake('tenant', CLUB), false);
    assert.equal(mayMake('account', VIEWER), false);
  });
});
