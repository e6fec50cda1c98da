// This file keeps the operator's own rules of the classifier: read from the settings of the desk when a node starts, when a hint says that they changed, and every few seconds in
// case the hint was lost. Nothing is restarted: whoever classifies asks for the set as it stands.
import type pg from 'pg';
import type { SendResult } from '../delivery/provider.ts';
import { explainReply } from '../feedback/classify.ts';
import { compileOwnRules, NO_OWN_RULES, OWN_PREFIX, type OwnRule, type OwnRules } from '../feedback/own-rules.ts';
import type { Log } from '../log.ts';
import type { Queryable } from '../store/scope.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

/** Key in the settings of the desk. */
const SETTING = 'feedback_rules';
/** A node that heard no hint knows new rules after this. */
const REFRESH_MS = 3_000;

interface Stored {
  readonly rules: readonly OwnRule[];
  readonly updatedAtMs: number;
}

export interface OwnRulesKeeper {
  current(): OwnRules;
  /** Reads them again; rejects when the database cannot be asked. What stands stays then. */
  refresh(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

/** What is stored: rules and when they were, milliseconds since 1970; null where there never were any. */
export async function readOwnRules(db: Queryable): Promise<Stored | null> {
  return readSetting<Stored>(db, SETTING);
}

/** Stores rules that compiled. */
export async function writeOwnRules(db: Queryable, stored: Stored): Promise<void> {
  await writeSetting(db, SETTING, stored);
}

/** Makes the keeper; `start` reads for the first time. */
export function makeOwnRules(deps: { readonly pool: pg.Pool; readonly log: Log }): OwnRulesKeeper {
  let rules = NO_OWN_RULES;
  let known = '';
  let timer: NodeJS.Timeout | null = null;

  async function refresh(): Promise<void> {
    const stored = await readOwnRules(deps.pool);
    const text = JSON.stringify(stored?.rules ?? []);
    if (text === known) return;
    known = text;
    try {
      rules = stored === null ? NO_OWN_RULES : compileOwnRules(stored.rules);
      deps.log.info({ event: 'feedback_rules_read', rules: rules.rules.length });
    } catch (error) {
      // Stored by a version that allows more than this one: the rules that stood stay.
      deps.log.error({ event: 'feedback_rules_unreadable', err: error });
    }
  }

  const warn = (error: unknown) =>
    deps.log.warn({ event: 'feedback_rules_not_read', reason: error instanceof Error ? error.message : String(error) });
  return {
    current: () => rules,
    refresh,
    async start() {
      await refresh();
      timer = setInterval(() => void refresh().catch(warn), REFRESH_MS);
    },
    stop() {
      if (timer) clearInterval(timer);
    },
  };
}

/** Refusals and delays judged by the own rules before anybody acts on them. */
export function judgedByOwnRules(result: SendResult, own: OwnRules): SendResult {
  if (own.rules.length === 0) return result;
  const outcomes = result.outcomes.map((outcome) => {
    if (outcome.kind !== 'refused' && outcome.kind !== 'deferred') return outcome;
    // No receiver was asked: the provider dropped it for its own list.
    if (outcome.kind === 'refused' && outcome.listed !== undefined) return outcome;
    const { verdict, rule } = explainReply(outcome.reply, { own });
    if (!rule.startsWith(OWN_PREFIX)) return outcome;
    const judged = { ...outcome, class: verdict.class, rule };
    return judged.kind === 'refused' ? { ...judged, suppress: verdict.suppress } : judged;
  });
  return { ...result, outcomes };
}
