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
 * Makes room for `max` bytes. What stands in a WeakMap is a number and never an object of the request: V8's small collections keep every such object
 * alive, whatever became of its key. A map to the response kept each request with its body until all of the memory was collected, and made both the
 * small collections and the whole ones the longest waits at the door.
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
