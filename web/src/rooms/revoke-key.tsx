// This file revokes a DKIM key that others may have, and says before what follows.
import { useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import { Confirm } from '../desk/confirm.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { revokeWords } from '../words/domain-endings.words.ts';
import type { KeyPlace, ShownKey } from './shown-key.ts';

interface RevokeKeyProps {
  readonly at: KeyPlace;
  readonly of: ShownKey;
  /** All keys of the domain. */
  readonly keys: readonly ShownKey[];
}

export function RevokeKey({ at, of: key, keys }: RevokeKeyProps) {
  const words = useWords(revokeWords);
  const client = useQueryClient();
  const others = keys.filter((other) => other.id !== key.id && other.algorithm === key.algorithm);
  const next = others.some(({ state }) => state === 'active')
    ? words.signsOn
    : others.some(({ state }) => state === 'published')
      ? words.takesOver
      : at.waits
        ? words.gapHeld
        : words.gap;
  const act = async () => {
    await post(`${at.path}/${key.id}/revoke`);
    sayResult(words.done(key.selector));
    await client.invalidateQueries({ queryKey: at.queryKey });
  };
  return (
    <Confirm
      label={words.revoke}
      kind="quiet"
      door={{ door: 'open' }}
      title={words.title(key.selector)}
      body={
        <>
          <p>{words.when}</p>
          <ul>
            <li>{words.erased}</li>
            <li>{key.publish.type === 'CNAME' ? words.emptyByItself : words.emptyByHand}</li>
            <li>{next}</li>
          </ul>
        </>
      }
      verb={words.revoke}
      act={act}
    />
  );
}
