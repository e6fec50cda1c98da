// This file shows the breaker of a provider account, with the time of its next probe.
import type { AccountHealth } from '../api/model.ts';
import { useNow } from '../clock.ts';
import { Breaker } from '../desk/breaker.tsx';
import { useFormat } from '../desk/time.tsx';
import { rests } from '../health.ts';
import { useWords } from '../screen.ts';
import { breakerWords } from '../words/breaker.words.ts';

export function AccountBreaker({ account }: { readonly account: AccountHealth }) {
  const words = useWords(breakerWords);
  const format = useFormat();
  const now = useNow();
  if (account.state === 'paused') return <span className="mute">{words.paused}</span>;
  const until = account.health_until === null ? null : Date.parse(account.health_until);
  const next = until !== null && until > now && rests(account) ? { next: words.probeAt(format.clock(until)) } : {};
  return <Breaker state={account.health === 'well' ? 'closed' : account.health === 'degraded' ? 'half' : 'open'} {...next} />;
}
