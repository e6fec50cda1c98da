// This file waits for something, but not for ever.

/** Resolves when `work` has settled or the time is over, whichever comes first; what `work` rejects with is nobody's business any more. */
export async function within(maxMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([work.then(nothing, nothing), over]);
  clearTimeout(timer);
}

function nothing(): void {}
