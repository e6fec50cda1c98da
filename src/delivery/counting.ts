// This file says what an event of the log changes in the count of recipients by state and mark. Sums of these changes equal a count of the
// recipients' rows, whatever the order in which the events are read: every event that moved a recipient names where it stood before.
import { PROVIDER_LIST_REASON } from '../feedback/provider-list.ts';
import { CLASS_FAULT, type Fault, type FeedbackClass } from '../feedback/vocabulary.ts';
import type { RecipientState } from './states.ts';

/** What rollups count beside `accepted`: states in which something became of a recipient, and marks. */
export const MEASURES = [
  'handed_over',
  'delivered',
  'bounced',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
  'complained',
  'unsubscribed',
] as const;

export type Measure = (typeof MEASURES)[number];

export interface CountChange {
  readonly measure: Measure;
  /** Of `bounced` and `failed`, else ''. */
  readonly class: string;
  readonly by: 1 | -1;
}

/** States that are counted; a recipient in any other one is under way. */
const COUNTED: ReadonlySet<string> = new Set<RecipientState & Measure>([
  'handed_over',
  'delivered',
  'bounced',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
]);
const CLASSIFIED: ReadonlySet<string> = new Set(['bounced', 'failed']);
const MARK_TYPES: ReadonlySet<string> = new Set<Measure>(['complained', 'unsubscribed']);
/** Types that move a recipient into a counted state of another name. */
const STATE_OF_TYPE: Readonly<Record<string, RecipientState>> = { rejected: 'failed' };
/** The types an event can have that changes a count. */
export const COUNTED_TYPES: readonly string[] = [...MEASURES, 'rejected', 'rerouted'];
/** Reasons of our own for a failure that are no class of an answer: whoever runs the desk has to act. */
const OWN_REASONS: ReadonlySet<string> = new Set(['no-route', 'message-gone']);
/** Every class that is counted, and that an answer can be found by. */
export const COUNTED_CLASSES: readonly string[] = [...Object.keys(CLASS_FAULT), ...OWN_REASONS, PROVIDER_LIST_REASON];

/** The changes one event makes; most make one, a late bounce two, a repeated report none. */
export function countChanges(event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }): CountChange[] {
  const { type, data } = event;
  if (MARK_TYPES.has(type)) return data['again'] === true ? [] : [change(type, null, 1)];
  const was = textOf(data['was']);
  // What the world reported moved its recipient only if it says from where; what we did ourselves always moved it, from where nothing counts.
  if (was === null && 'source' in data) return [];
  const now = STATE_OF_TYPE[type] ?? type;
  return [
    ...(was !== null && COUNTED.has(was) ? [change(was, textOf(data['was_reason']), -1)] : []),
    ...(COUNTED.has(now) ? [change(now, textOf(data['class']) ?? textOf(data['reason']), 1)] : []),
  ];
}

/** Whose turn a counted class is. Reasons of our own are the operator's. */
export function faultOfClass(cls: string): Fault | null {
  if (OWN_REASONS.has(cls)) return 'operator';
  // A class that is not on the list came from an older version of it.
  return Object.hasOwn(CLASS_FAULT, cls) ? CLASS_FAULT[cls as FeedbackClass] : null;
}

function change(measure: string, cls: string | null, by: 1 | -1): CountChange {
  // Callers looked it up in the sets above, which hold measures only.
  return { measure: measure as Measure, class: CLASSIFIED.has(measure) ? knownClass(cls) : '', by };
}

/** Classes are a closed list, so what is counted stays small whatever a provider writes. */
function knownClass(cls: string | null): string {
  return cls !== null && (Object.hasOwn(CLASS_FAULT, cls) || OWN_REASONS.has(cls) || cls === PROVIDER_LIST_REASON) ? cls : 'unclassified';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
