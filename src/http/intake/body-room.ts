// This file bounds what the bodies of all requests hold in memory together: of a crowd of large ones some are asked to come again, instead of the
// process ending with everybody's mail.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface BodyRoom {
  /** Remembers where the answer to a request goes: its bytes are held until that is out, or the line is gone. */
  enter(request: IncomingMessage, response: ServerResponse): void;
  /** Counts bytes of a request; false when there is no room for them. */
  hold(request: IncomingMessage, bytes: number): boolean;
  /** Bytes held now. */
  readonly held: number;
}

/**
 * Makes room for `max` bytes. It keeps numbers and never an object of a request: with a WeakMap from each request to its response every request, its
 * parsed body with it, outlived V8's small collections and stayed until all of the memory was collected (17 KB a message instead of 6), which made
 * both the longest waits at the door: docs/adr/0013.
 */
export function makeBodyRoom(max: number): BodyRoom {
  const own = new WeakMap<IncomingMessage, number>();
  let held = 0;
  return {
    enter(request, response) {
      if (response.closed) return;
      own.set(request, 0);
      response.once('close', () => {
        held -= own.get(request) ?? 0;
        own.delete(request);
      });
    },
    hold(request, bytes) {
      const before = own.get(request);
      // Without one its answer is out already: what still comes is thrown away soon.
      if (before === undefined || held + bytes > max) return false;
      own.set(request, before + bytes);
      held += bytes;
      return true;
    },
    get held() {
      return held;
    },
  };
}
