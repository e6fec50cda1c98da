// This file keeps messages on the wire: a smarthost for tests that answers no final dot until it is told to.
import type { SmtpHost } from './smtp-host.ts';

export interface HeldDots {
  /** Final dots that have come so far. */
  readonly count: number;
  /** Answers those that wait; later ones are answered at once. */
  answer(): void;
}

/** Takes the place of the host's script. */
export function holdDots(host: Pick<SmtpHost, 'answer'>): HeldDots {
  const { promise: hold, resolve: answer } = Promise.withResolvers<void>();
  let count = 0;
  host.answer = (stage) => {
    if (stage !== 'dot') return undefined;
    count += 1;
    return { hold };
  };
  return {
    get count() {
      return count;
    },
    answer,
  };
}
