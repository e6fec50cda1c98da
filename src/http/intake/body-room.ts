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

/** Makes room for `max` bytes. */
export function makeBodyRoom(max: number): BodyRoom {
  const responses = new WeakMap<IncomingMessage, ServerResponse>();
  const own = new WeakMap<IncomingMessage, number>();
  let held = 0;
  return {
    enter: (request, response) => void responses.set(request, response),
    hold(request, bytes) {
      if (held + bytes > max) return false;
      const before = own.get(request);
      if (before === undefined) {
        const response = responses.get(request);
        // Its answer is out already: what still comes is thrown away soon.
        if (!response || response.closed) return false;
        response.once('close', () => {
          held -= own.get(request) ?? 0;
          own.delete(request);
        });
      }
      own.set(request, (before ?? 0) + bytes);
      held += bytes;
      return true;
    },
    get held() {
      return held;
    },
  };
}
