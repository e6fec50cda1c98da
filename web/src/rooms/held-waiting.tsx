// This file says how many messages wait for something the page can give, with the way to them.
import { A } from '../desk/a.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { heldWords } from '../words/held.ts';

interface HeldWaitingProps {
  readonly count: number;
  readonly tenantId: string;
  readonly until: 'domain' | 'sender' | 'consent' | 'allowance' | 'cap';
}

export function HeldWaiting({ count, tenantId, until }: HeldWaitingProps) {
  const words = useWords(heldWords);
  const format = useFormat();
  const { ofTenant } = usePerson();
  if (count === 0) return null;
  const href = paths.messages({ state: 'held', ...(ofTenant ? {} : { tenant: tenantId }) });
  return (
    <p>
      <A href={href}>{words.count(count, format.int(count))}</A>
      {words.andThen(count, words[until])}
    </p>
  );
}
