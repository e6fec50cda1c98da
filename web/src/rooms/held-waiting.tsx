// This file says how many messages wait for something the page can give, with the way to them.
import { A } from '../desk/a.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { heldWords } from '../words/held.words.ts';

interface HeldWaitingProps {
  readonly count: number;
  readonly tenantId: string;
  readonly until: keyof typeof WAITS_FOR;
  /** The address or domain it is about; left out, all mail of the tenant. */
  readonly sender?: string;
}

/** Exactly what the API counts there. */
const WAITS_FOR = {
  domain: 'domain-not-authenticated,key-revoked,sender-not-allowed',
  sender: 'anything',
  consent: 'rewriting-not-agreed',
  allowance: 'free-mailbox',
  cap: 'rewriting-cap',
} as const;

export function HeldWaiting({ count, tenantId, until, sender }: HeldWaitingProps) {
  const words = useWords(heldWords);
  const format = useFormat();
  const { ofTenant } = usePerson();
  if (count === 0) return null;
  const href = paths.messages({
    waits_for: WAITS_FOR[until],
    ...(sender === undefined ? {} : { sender }),
    ...(ofTenant ? {} : { tenant: tenantId }),
  });
  return (
    <p>
      <A href={href}>{words.count(count, format.int(count))}</A>
      {words.andThen(count, words[until])}
    </p>
  );
}
