// This file is what an outcome says besides the fate itself: the words of the answer, the account, what we conclude from them.
import type { NextStep } from '../delivery/next-step.ts';
import type { AccountSignal, Outcome } from '../delivery/provider.ts';
import { explainReply, verdictOf } from '../feedback/classify.ts';
import { ON_PROVIDER_LIST, PROVIDER_LIST_REASON } from '../feedback/provider-list.ts';
import { CLASS_FAULT, type FeedbackClass } from '../feedback/vocabulary.ts';
import type { OutcomeRow } from '../store/outcomes.ts';
import type { Line } from './lines.ts';

/** Characters of an answer that are kept. */
export const REPLY_CHARS_MAX = 2_000;
const UNWRITABLE_REPLY = '(The database did not take the words of this answer.)';

/** What we concluded, without anything that the other side wrote. */
export function withoutWords(row: OutcomeRow): OutcomeRow {
  const { class: cls, fault, hard } = row.eventData === null ? {} : JSON.parse(row.eventData);
  return {
    ...row,
    reply: UNWRITABLE_REPLY,
    providerMessageId: null,
    accountId: null,
    strike: null,
    eventData: JSON.stringify({ reply: UNWRITABLE_REPLY, class: cls, fault, hard }),
  };
}

/** What the event of an outcome holds, as JSON. */
export function eventData(
  line: Line | null,
  outcome: Outcome,
  { step, signal, routeId }: { step: NextStep; signal: AccountSignal['kind'] | null; routeId: number },
): string {
  const cls = step.class;
  const permanent = outcome.kind === 'refused';
  return JSON.stringify({
    account: line?.account.name ?? null,
    provider: line?.adapter.kind ?? null,
    route: routeId,
    reply: outcome.reply.slice(0, REPLY_CHARS_MAX),
    ...(cls === null ? {} : { class: cls, fault: CLASS_FAULT[cls], hard: verdictOf(cls, { permanent }).hard }),
    ...(cls === null ? {} : ruleOf(outcome, cls)),
    ...(cls === null || signal === null ? {} : { signal }),
    ...(step.suppress ? { suppress: true } : {}),
    ...(outcome.kind === 'refused' && outcome.listed !== undefined ? { [ON_PROVIDER_LIST]: outcome.listed } : {}),
    ...(cls === null && outcome.kind === 'refused' ? { reason: PROVIDER_LIST_REASON } : {}),
  });
}

/** The rule behind the class, as far as it is known: an adapter's own table of errors has none. */
function ruleOf(outcome: Outcome, cls: FeedbackClass): { readonly rule?: string } {
  if (outcome.kind !== 'refused' && outcome.kind !== 'deferred') return {};
  if (outcome.rule !== undefined) return { rule: outcome.rule };
  const said = explainReply(outcome.reply);
  return said.verdict.class === cls ? { rule: said.rule } : {};
}
