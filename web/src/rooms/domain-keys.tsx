// This file shows the DKIM keys of a domain and how they turn: the next one is made, looked for in DNS, and a second algorithm is added.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { patch, post } from '../api/client.ts';
import { dkimKeysQuery } from '../api/domain-queries.ts';
import type { DkimKey, Domain } from '../api/schema.gen.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { CheckField } from '../desk/field.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.ts';
import { revokeWords } from '../words/domain-endings.ts';
import { keyWords } from '../words/domains.ts';
import { RevokeKey } from './revoke-key.tsx';

export function DomainKeys({ domain }: { readonly domain: Domain }) {
  const words = useWords(keyWords);
  const query = useQuery(dkimKeysQuery(domain.id));
  const keys = query.data?.data ?? [];
  // One whose record its owner has to empty is not over for him.
  const living = keys.filter((key) => key.state !== 'revoked' || (key.compromised && key.publish.type === 'TXT'));
  return (
    <Section id="keys" title={words.title} question={words.question}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.what} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : (
        <div className="stack">
          {living.length === 0 ? null : <KeyTable keys={living} domainId={domain.id} />}
          <Doors domain={domain} waits={living.some((key) => key.state === 'new')} />
        </div>
      )}
    </Section>
  );
}

function KeyTable({ keys, domainId }: { keys: readonly DkimKey[]; domainId: string }) {
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
                <span className="small faint">{key.algorithm === 'rsa-sha256' ? words.rsa : words.ed25519}</span>
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
                {role === 'viewer' || key.state === 'revoked' ? null : <RevokeKey domainId={domainId} of={key} keys={keys} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Next({ of: key }: { of: DkimKey }) {
  const words = useWords(keyWords);
  const format = useFormat();
  const now = useNow();
  if (key.next_at === null) return null;
  const when = format.when(Math.max(now, Date.parse(key.next_at)), now);
  if (key.state === 'new') return words.looksAgain(when);
  if (key.state === 'published') return words.signsFrom(when);
  return key.state === 'retiring' ? words.endsAt(when) : null;
}

function Doors({ domain, waits }: { domain: Domain; waits: boolean }) {
  const words = useWords(keyWords);
  const desk = useWords(deskWords);
  const person = usePerson();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['domains'] });
  const tell = async (work: Promise<unknown>, done: string) => {
    try {
      await work;
      sayResult(done);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const rotate = async () => {
    await post(`/v1/domains/${domain.id}/keys/rotate`, {});
    await renew();
    sayResult(words.rotated);
  };
  if (person.role === 'viewer') return null;
  return (
    <>
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
          <Button kind="quiet" onClick={() => void tell(post(`/v1/domains/${domain.id}/keys/check`), words.lookedNow)}>
            {words.look}
          </Button>
        ) : null}
      </div>
      <CheckField
        label={words.second}
        checked={domain.ed25519}
        onChange={(ed25519) => void tell(patch(`/v1/domains/${domain.id}`, { ed25519 }), ed25519 ? words.secondOn : words.secondOff)}
      />
    </>
  );
}
