// This file is the consumer that writes down which messages are held because of whose name they carry, so that the desk can ask again for them, and count them.
import { noteHeld } from '../store/held-messages.ts';
import type { EventConsumer } from './consume-events.ts';

/** Its first place was written by the migration that also wrote down what was held by then. */
export const noteHeldMessages: EventConsumer = {
  name: 'held-messages',
  types: ['held'],
  start: 'present',
  async consume(client, page) {
    // Whoever was let go since needs no note; held again, it is another event.
    const held = page.filter((event) => event.state === 'held').map((event) => event.recipientId);
    if (held.length > 0) await noteHeld(client, [...new Set(held)]);
  },
};
