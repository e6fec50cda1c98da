// This file asks providers for the receiver's words where their webhooks carry a label that says too little (Elastic Email's "AccountProblem" is a full
// mailbox as often as a closed one). The label stands where nobody answers in time: no event waits for words longer than a few seconds.
import { setTimeout as delay } from 'node:timers/promises';
import type { AdapterDeps, AnswerWords, ProviderAccount, ProviderAdapter, ProviderClient } from '../delivery/provider.ts';
import type { OwnRules } from '../feedback/own-rules.ts';
import type { Heard } from './record-feedback.ts';

export interface AskForWordsDeps extends AdapterDeps {
  readonly accountById: (id: string) => { readonly account: ProviderAccount; readonly adapter: ProviderAdapter } | null;
  readonly ownRules: () => OwnRules;
}

export interface AskForWords {
  /** The same answers in the same order, told in the receivers' words where those were to be had. Never rejects. */
  ask(heard: readonly Heard[]): Promise<readonly Heard[]>;
  close(): Promise<void>;
}

/** Questions of one batch: a mailing to a dead list must not keep other answers waiting. */
const ASKED_MAX = 24;
const AT_ONCE = 4;
const WAIT_MS = 4_000;
/** An account whose log did not answer, or forbids it, is not asked again for so long. */
const REST_MS = 5 * 60_000;

export function makeAskForWords(deps: AskForWordsDeps): AskForWords {
  const open = new Map<string, { readonly account: ProviderAccount; readonly client: ProviderClient }>();
  const restsUntilMs = new Map<string, number>();

  function clientOf(account: ProviderAccount, adapter: ProviderAdapter): ProviderClient {
    const known = open.get(account.id);
    // Routing keeps the same object while nothing about the account changed.
    if (known?.account === account) return known.client;
    if (known) void known.client.close();
    const client = adapter.connect(account, deps);
    open.set(account.id, { account, client });
    return client;
  }

  async function askOne(each: Heard): Promise<Heard> {
    const found = deps.accountById(each.accountId);
    const byWords = found?.adapter.webhook?.byWords;
    const { providerMessageId, recipient } = each.event;
    if (!found || !byWords || providerMessageId === null || (restsUntilMs.get(each.accountId) ?? 0) > deps.clock.monotonicMs()) return each;
    const answer = await within(clientOf(found.account, found.adapter), { providerMessageId, recipient });
    if (answer.kind === 'words') return { ...each, event: byWords.read(each.event, answer.words, deps.ownRules()) };
    if (answer.kind === 'failed') {
      restsUntilMs.set(each.accountId, deps.clock.monotonicMs() + REST_MS);
      deps.log.info({ event: 'words_not_to_be_had', account: each.accountId, reason: answer.reason });
    }
    return each;
  }

  return {
    async ask(heard) {
      const told = [...heard];
      const wanting = heard
        .flatMap((each, index) => (deps.accountById(each.accountId)?.adapter.webhook?.byWords?.wanted(each.event) ? [index] : []))
        .slice(0, ASKED_MAX);
      for (let start = 0; start < wanting.length; start += AT_ONCE) {
        await Promise.all(
          wanting.slice(start, start + AT_ONCE).map(async (index) => {
            const each = heard[index];
            if (each) told[index] = await askOne(each);
          }),
        );
      }
      return told;
    },
    async close() {
      await Promise.all([...open.values()].map(({ client }) => client.close()));
      open.clear();
    },
  };
}

async function within(client: ProviderClient, answer: Parameters<NonNullable<ProviderClient['wordsFor']>>[0]): Promise<AnswerWords> {
  if (!client.wordsFor) return { kind: 'none' };
  const late = new AbortController();
  const tooLate = delay<AnswerWords>(WAIT_MS, { kind: 'failed', reason: `no answer within ${WAIT_MS / 1_000} s` }, { signal: late.signal });
  // Ended below, where nobody waits for it any more.
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([client.wordsFor(answer), tooLate]);
  } finally {
    late.abort();
  }
}
