// This file says what the outcome of a hand-over leaves in the memory of its address. Successes leave nothing and cost nothing. An answer that holds
// the address by itself does so in the commit of the outcome; everything else is counted a moment later.
import type { NextStep } from '../delivery/next-step.ts';
import { holdDays } from '../feedback/decide-hold.ts';
import { mayHold, ruleFor } from '../feedback/hold-policy.ts';
import { EVIDENCE_CHARS_MAX, type Mark } from '../feedback/marks.ts';
import type { IdMint } from '../ids.ts';
import { jsonText } from '../store/json-text.ts';
import type { HoldPolicies } from './hold-policies.ts';

const DAY_MS = 86_400_000;

/** What the outcome statement reads; see store/outcomes.ts. */
interface Strike extends Mark {
  /** Set when this answer holds by itself. `until`: end of a first hold, milliseconds; null: for good. */
  readonly hold?: { readonly id: string; readonly event: string; readonly stream: '' | 'bulk'; readonly until: number | null };
}

/** False for what leaves nothing: nearly all there is, and then nothing is asked. */
export function strikes(step: NextStep): boolean {
  const ended = step.event === 'bounced' || step.event === 'failed' || step.event === 'expired';
  return ended && step.class !== null && mayHold(step.class);
}

/** JSON text, or null when the outcome says nothing about the address. */
export async function strikeOf(
  deps: { readonly policies: HoldPolicies; readonly ids: IdMint },
  step: NextStep,
  about: { tenantId: string; recipientId: string; endedMs: number; reply: string },
): Promise<string | null> {
  if (step.class === null || !strikes(step)) return null;
  const strike: Strike = {
    kind: step.event === 'bounced' ? 'bounced' : 'failed',
    id: about.recipientId,
    atMs: about.endedMs,
    class: step.class,
    suppress: step.suppress,
    source: 'hand-over',
    evidence: about.reply.slice(0, EVIDENCE_CHARS_MAX),
    stream: '',
  };
  const rule = step.suppress ? ruleFor(await deps.policies.of(about.tenantId), step.class)?.rule : undefined;
  const atOnce = rule !== undefined && rule.failures === 1;
  const hold = atOnce
    ? {
        id: deps.ids.next(),
        event: deps.ids.next(),
        stream: rule.streams === 'bulk' ? ('bulk' as const) : ('' as const),
        until: rule.holdDays === null ? null : about.endedMs + holdDays(rule, 1) * DAY_MS,
      }
    : undefined;
  return jsonText({ ...strike, ...(hold === undefined ? {} : { hold }) });
}
