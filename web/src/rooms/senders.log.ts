// This file writes the log line of single senders.
import type { Sender } from '../api/schema.gen.ts';
import type { Format } from '../format.ts';
import { senderWords } from '../words/senders.words.ts';
import { pick } from '../words/words.ts';

/** May each address stand in From, and does it stay what it is? Worst first. */
export function sendersLine(senders: readonly Sender[], format: Pick<Format, 'lang'>): string {
  const say = pick(senderWords, format.lang);
  if (senders.length === 0) return say.lineNone;
  const waits = senders.filter((sender) => sender.verified_at === null).length;
  if (waits > 0) return say.lineWaits(waits);
  const held = senders.filter((sender) => sender.treatment === 'held').length;
  if (held > 0) return say.lineHeld(held);
  const rewritten = senders.filter((sender) => sender.treatment === 'rewrite').length;
  return rewritten > 0 ? say.lineRewritten(rewritten) : say.lineAll(senders.length);
}
