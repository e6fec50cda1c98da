// This file says why a message went this way: its stored decisions, the same ones shown once.
import { decisionOf } from '../api/decision.ts';
import type { Decision, Recipient } from '../api/model.ts';
import { Empty } from '../desk/empty.tsx';
import { Section } from '../desk/section.tsx';
import { WhyThisWay } from '../desk/why-this-way.tsx';
import { useWords } from '../screen.ts';
import { decisionWords, sayHeld } from '../words/decision.words.ts';
import { partWords } from '../words/message-parts.words.ts';

/** Different decisions and addresses of one that a person can take in at a glance; each lane names its own account anyway. */
const DECISIONS_MAX = 4;
const ADDRESSES_MAX = 5;

/** Decisions that are the same are shown once, with whom they were made for. */
export function Why({ recipients }: { readonly recipients: readonly Recipient[] }) {
  const words = useWords(partWords);
  const reasons = useWords(decisionWords);
  const groups = new Map<string, { decision: Decision; addresses: string[] }>();
  for (const { decision: stored, address } of recipients) {
    const decision = decisionOf(stored);
    if (decision === null) continue;
    const key = JSON.stringify(decision);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { decision, addresses: [address] });
    else group.addresses.push(address);
  }
  const list = [...groups.values()].slice(0, DECISIONS_MAX);
  return (
    <Section id="why" title={words.why} {...(list.length === 1 ? { question: words.whyAll } : {})}>
      {list.length === 0 ? <Empty title={words.whyNone}>{words.whyNoneHow}</Empty> : null}
      <div className="stack">
        {list.map(({ decision, addresses }) => (
          <div key={addresses[0]} className="stack">
            {list.length === 1 ? null : (
              <p className="mute any">
                {words.whyFor(addresses.slice(0, ADDRESSES_MAX).join(', ') + (addresses.length > ADDRESSES_MAX ? ' …' : ''))}
              </p>
            )}
            {decision.held_because === null ? null : (
              <p>
                <b>{words.heldBecause}</b> {sayHeld(decision, reasons)}
              </p>
            )}
            <WhyThisWay decision={decision} />
          </div>
        ))}
      </div>
    </Section>
  );
}
