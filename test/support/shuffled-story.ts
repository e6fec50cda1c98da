// This file makes a long story of many addresses and its disorder, the same for the same seed: mails, what the world says of each, some of it twice,
// some of it late. Tests tell a small one, the benchmark a million events.
import type { EventType, FeedbackClass } from '../../src/feedback/vocabulary.ts';

export interface StoryEvent {
  /** Place of the mail the event is about. */
  readonly mail: number;
  readonly type: EventType;
  readonly class: FeedbackClass | null;
  readonly suppress: boolean;
  /** Milliseconds since the story began. */
  readonly atMs: number;
  readonly id: string;
}

export interface Story {
  /** Address of each mail, by its place. */
  readonly mails: readonly { readonly address: number; readonly atMs: number }[];
  /** As they happened. */
  readonly events: readonly StoryEvent[];
  /** As they arrive: a share of them late, a share of them once more. */
  readonly told: readonly StoryEvent[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const STORY_DAYS = 100;
/** Late events come this many places later at most. */
const LATE_PLACES = 5_000;

type Tale = readonly (readonly [type: EventType, cls: FeedbackClass | null, suppress: boolean])[];

/** What becomes of one mail: most of it ordinary, with every kind of trouble in it. Shares add up to 100. */
const TALES: readonly (readonly [share: number, tale: Tale])[] = [
  [78, [['delivered', null, false]]],
  [
    6,
    [
      ['deferred', 'greylist', false],
      ['delivered', null, false],
    ],
  ],
  [
    3,
    [
      ['delivered', null, false],
      ['opened', null, false],
      ['clicked', null, false],
    ],
  ],
  [3, [['bounced', 'mailbox-full', false]]],
  [2, [['bounced', 'invalid-recipient', true]]],
  [2, [['bounced', 'bad-domain', false]]],
  [2, [['failed', 'network', false]]],
  [1, [['bounced', 'ip-reputation', false]]],
  [
    1,
    [
      ['delivered', null, false],
      ['bounced', 'mailbox-full', false],
    ],
  ],
  [
    1,
    [
      ['delivered', null, false],
      ['complained', 'complaint', false],
    ],
  ],
  [1, [['bounced', 'inactive-mailbox', false]]],
];

/** `next` answers whole numbers at random, from 0. */
export function shuffledStory(
  size: { mails: number; addresses: number; lateShare: number; repeatedShare: number },
  next: (below: number) => number,
): Story {
  const mails = Array.from({ length: size.mails }, () => ({ address: next(size.addresses), atMs: next(STORY_DAYS * DAY_MS) }));
  const events = mails
    .flatMap(({ atMs }, mail) =>
      taleOf(next(100)).map(([type, cls, suppress], step): StoryEvent => {
        // Each event has a moment of its own, so that "in order" means one thing.
        const moment = atMs + (step + 1) * MINUTE_MS + next(MINUTE_MS);
        return { mail, type, class: cls, suppress, atMs: moment, id: `${mail}-${step}` };
      }),
    )
    .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  const places = events.flatMap((event, place) => {
    const late = next(1_000_000) < size.lateShare * 1_000_000 ? 1 + next(LATE_PLACES) : 0;
    const arrival = { event, place: place + late };
    const again = next(1_000_000) < size.repeatedShare * 1_000_000 ? [{ event, place: place + late + next(LATE_PLACES) }] : [];
    return [arrival, ...again];
  });
  return { mails, events, told: places.sort((a, b) => a.place - b.place).map(({ event }) => event) };
}

function taleOf(at: number): Tale {
  let sum = 0;
  for (const [share, tale] of TALES) {
    sum += share;
    if (at < sum) return tale;
  }
  return [];
}

/** The same numbers for the same seed (a linear congruence is random enough to shuffle). */
export function seeded(seed: number): (below: number) => number {
  let state = BigInt(seed) + 1n;
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 33n) % below;
  };
}
