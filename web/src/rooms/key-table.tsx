// This file is the table of DKIM keys, of a sending domain or of the platform's own, and what can be done with them: make the next one, look for it, end one.
import { useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { problemText } from '../desk/error-state.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { revokeWords } from '../words/domain-endings.words.ts';
import { keyWords } from '../words/domains.words.ts';
import { RevokeKey } from './revoke-key.tsx';
import type { KeyPlace, ShownKey } from './shown-key.ts';

export function KeyTable({ keys, at }: { readonly keys: readonly ShownKey[]; readonly at: KeyPlace }) {
  const words = useWords(keyWords);
  const revoking = useWords(revokeWords);
  const { role } = usePerson();
  return (
    <div className="sheet">
      <table className="tbl flow">
        <caption className="sr">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.selector}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.since}</th>
            <th scope="col">{words.next}</th>
            <th scope="col">
              <span className="sr">{revoking.action}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td className="head" data-l="">
                <span className="wire">{key.selector}</span>{' '}
                <span className="small faint">{key.algorithm === 'ed25519-sha256' ? words.ed25519 : words.rsa}</span>
              </td>
              <td data-l={words.state}>
                {key.state === 'revoked' ? revoking.revokedByHand : words[key.state]}
                {key.trouble === null ? null : <div className="small danger">{key.trouble}</div>}
              </td>
              <td data-l={words.since}>
                <Time at={key.since} />
              </td>
              <td className="mute" data-l={words.next}>
                <Next of={key} />
              </td>
              <td className="num acts" data-l="">
                {role === 'viewer' || key.state === 'revoked' ? null : <RevokeKey at={at} of={key} keys={keys} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Next({ of: key }: { of: ShownKey }) {
  const words = useWords(keyWords);
  const format = useFormat();
  const now = useNow();
  if (key.next_at === null) return null;
  const when = format.when(Math.max(now, Date.parse(key.next_at)), now);
  if (key.state === 'new') return words.looksAgain(when);
  if (key.state === 'published') return words.signsFrom(when);
  return key.state === 'retiring' ? words.endsAt(when) : null;
}

/** The next key, and a look for one that is on its way. */
export function KeyDoors({ at, waits }: { readonly at: KeyPlace; readonly waits: boolean }) {
  const words = useWords(keyWords);
  const desk = useWords(deskWords);
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: at.queryKey });
  const rotate = async () => {
    await post(`${at.path}/rotate`, {});
    await renew();
    sayResult(words.rotated);
  };
  const look = async () => {
    try {
      await post(`${at.path}/check`);
      sayResult(words.lookedNow);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  return (
    <div className="btns">
      <Confirm
        label={words.rotate}
        calm
        door={{ door: 'open' }}
        title={words.rotateTitle}
        body={words.rotateBody}
        verb={words.rotate}
        act={rotate}
      />
      {waits ? (
        <Button kind="quiet" onClick={() => void look()}>
          {words.look}
        </Button>
      ) : null}
    </div>
  );
}
