// This file says what may be done to what, by whom: action × state, with the reason shown on a control that the state forbids.
// A control that the role can never use is absent; one that only the state forbids is there and says why.
import type { CredentialState, RecipientState } from './api/model.ts';
import type { Person } from './person.ts';
import { canWords } from './words/can.words.ts';
import { type Lang, pick } from './words/words.ts';

export type Door = { readonly door: 'open' } | { readonly door: 'absent' } | { readonly door: 'closed'; readonly reason: string };

type Reason = Exclude<keyof typeof canWords, never>;
type Row = Readonly<Record<string, true | Reason>>;

const OVER: Readonly<Record<'handed_over' | 'delivered' | 'bounced' | 'failed' | 'expired' | 'suppressed' | 'cancelled', Reason>> = {
  handed_over: 'leftAlready',
  delivered: 'leftAlready',
  bounced: 'settled',
  failed: 'settled',
  expired: 'settled',
  suppressed: 'settled',
  cancelled: 'cancelledAlready',
};

/** `true`: may be done in this state. A reason: may not, because. */
const TABLE = {
  cancelRecipient: { scheduled: true, queued: true, deferred: true, held: true, uncertain: true, submitting: 'onTheWire', ...OVER },
  releaseRecipient: {
    held: true,
    scheduled: 'notHeld',
    queued: 'notHeld',
    deferred: 'notHeld',
    submitting: 'onTheWire',
    uncertain: 'beingChecked',
    ...OVER,
  },
  releaseHold: { held: true },
  replayInbound: { recorded: true, unmatched: true, forwarded: true, kept: true, unreadable: true, waiting: 'waitsAlready' },
  closeIncident: { open: true, closed: 'closedAlready' },
  acknowledgeIncident: { open: true, acknowledged: 'acknowledgedAlready', closed: 'closedAlready' },
  suspendTenant: { active: true, suspended: 'suspendedAlready' },
  resumeTenant: { suspended: true, active: 'runsAlready' },
  rotateCredential: { active: true, suspended: true, revoked: 'revokedForGood' },
  suspendCredential: { active: true, suspended: 'suspendedAlready', revoked: 'revokedForGood' },
  resumeCredential: { suspended: true, active: 'runsAlready', revoked: 'revokedForGood' },
  revokeCredential: { active: true, suspended: true, revoked: 'revokedForGood' },
  pauseAccount: { active: true, paused: 'pausedAlready', removed: 'removedForGood' },
  resumeAccount: { paused: true, active: 'runsAlready', removed: 'removedForGood' },
  testAccount: { active: true, paused: true, removed: 'removedForGood' },
  editAccount: { active: true, paused: true, removed: 'removedForGood' },
  removeAccount: { paused: true, active: 'pauseFirst', removed: 'removedForGood' },
} as const satisfies Record<string, Row> & {
  cancelRecipient: Record<RecipientState, true | Reason>;
  rotateCredential: Record<CredentialState, true | Reason>;
};

export type Action = keyof typeof TABLE;

/** Actions of a tenant's own people; everything else belongs to the platform. */
const TENANT_ACTIONS: ReadonlySet<Action> = new Set([
  'cancelRecipient',
  'releaseRecipient',
  'releaseHold',
  'replayInbound',
  'rotateCredential',
  'suspendCredential',
  'revokeCredential',
]);

/** Whether something can be made for the organisation of this id; '' while none is known, or there is none. */
export function canMakeFor(tenant: string, lang: Lang): Door {
  return tenant === '' ? { door: 'closed', reason: pick(canWords, lang).noTenant } : { door: 'open' };
}

/** Whether `person` may do `action` to something in `state`. */
export function can(action: Action, state: string, person: Person, lang: Lang): Door {
  if (person.role === 'viewer' || (person.ofTenant && !TENANT_ACTIONS.has(action))) return { door: 'absent' };
  const row: Row = TABLE[action];
  const answer = row[state];
  if (answer === true) return { door: 'open' };
  return { door: 'closed', reason: answer === undefined ? pick(canWords, lang).unknownState : pick(canWords, lang)[answer] };
}
