// This file shows people of the platform which keys encrypt stored secrets, how far a replacement is, and lets owners ask for one.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import type { SecretKeys as Status } from '../api/schema.gen.ts';
import { secretKeysQuery } from '../api/secret-keys-query.ts';
import { Confirm } from '../desk/confirm.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { Time } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { secretKeyWords } from '../words/secret-keys.words.ts';

export function SecretKeys() {
  const words = useWords(secretKeyWords);
  const { data, error, refetch } = useQuery(secretKeysQuery);
  return (
    <Section id="secret-keys" title={words.title} question={words.question}>
      {error === null ? null : <ErrorState error={error} what={words.title} onRetry={() => void refetch()} />}
      {data === undefined ? null : <Found status={data} />}
    </Section>
  );
}

function Found({ status: { keys, replacement, still_in_files: still } }: { status: Status }) {
  const words = useWords(secretKeyWords);
  const { role } = usePerson();
  const client = useQueryClient();
  const rotate = async () => {
    client.setQueryData(secretKeysQuery.queryKey, await post<Status>('/v1/secret-keys/rotate'));
    sayResult(words.asked);
  };
  return (
    <div className="stack">
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.key}</th>
              <th scope="col">{words.state}</th>
              <th scope="col" className="num">
                {words.secrets}
              </th>
              <th scope="col" className="since">
                {words.since}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map(({ id, state, secrets, since }) => (
              <tr key={id}>
                <td className="head wire" data-l="">
                  {id}
                </td>
                <td data-l={words.state}>{words[state]}</td>
                <td className="num" data-l={words.secrets}>
                  {secrets}
                </td>
                <td className="nw" data-l={words.since}>
                  <Time at={since} focusable />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {replacement === null ? null : <Progress {...replacement} />}
      {still.map(({ process, key }) => (
        <p key={`${process} ${key}`}>{words.stillThere(key, process)}</p>
      ))}
      {role !== 'owner' || replacement !== null ? null : (
        <div className="btns bar">
          <Confirm
            label={words.rotate}
            door={{ door: 'open' }}
            title={words.rotate}
            body={words.rotateBody}
            verb={words.rotate}
            act={rotate}
            calm
          />
        </div>
      )}
    </div>
  );
}

function Progress({ step, left, total, waits_for: waits }: NonNullable<Status['replacement']>) {
  const words = useWords(secretKeyWords);
  return (
    <div>
      <p>{step === 'waiting' ? words.waiting : step === 'encrypting' ? words.progress(total - left, total) : words.retiring}</p>
      {waits.map(({ process, pid, lacks }) => (
        <p className="mute" key={`${process} ${pid}`}>
          {process} ({pid}): {lacks === 'key' ? words.lacksKey : lacks === 'version' ? words.lacksVersion : words.lacksSwitch}
        </p>
      ))}
    </div>
  );
}
