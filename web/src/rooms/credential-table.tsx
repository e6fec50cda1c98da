// This file lists credentials with what can be done to each: rotate, pause, resume, revoke.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { patch, post, remove } from '../api/client.ts';
import type { Credential, CredentialSecret } from '../api/model.ts';
import { can, type Door } from '../can.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { problemText } from '../desk/error-state.tsx';
import { SecretOnce } from '../desk/secret-once.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { credentialsWords } from '../words/credentials.words.ts';
import { deskWords } from '../words/desk.words.ts';
import { secretPairs } from './secret-pairs.ts';

/** How long the secret before a rotation works on, seconds: time to change one application. */
const ROTATION_GRACE_S = 3_600;

interface CredentialTableProps {
  readonly rows: readonly Credential[];
  readonly withTenant: boolean;
  /** Tenant names by id, where tenants are shown. */
  readonly tenants?: ReadonlyMap<string, string>;
}

export function CredentialTable({ rows, withTenant, tenants }: CredentialTableProps) {
  const words = useWords(credentialsWords);
  const [shown, setShown] = useState<CredentialSecret | null>(null);
  return (
    <div className="stack">
      {shown === null ? null : (
        <SecretOnce key={shown.id} title={words.secretTitle} text={words.secretText} pairs={secretPairs(shown, words)} />
      )}
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.name}</th>
              {withTenant ? <th scope="col">{words.tenant}</th> : null}
              <th scope="col">{words.kind}</th>
              <th scope="col">{words.state}</th>
              <th scope="col">{words.lastUsed}</th>
              <th scope="col">
                <span className="sr">{words.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((credential) => (
              <CredentialRow
                key={credential.id}
                credential={credential}
                tenant={withTenant ? tenantOf(credential, tenants, words.platform) : null}
                onSecret={setShown}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function tenantOf(
  credential: Credential,
  tenants: ReadonlyMap<string, string> | undefined,
  platform: string,
): { id: string | null; name: string } {
  if (credential.tenant_id === null) return { id: null, name: platform };
  return { id: credential.tenant_id, name: tenants?.get(credential.tenant_id) ?? credential.tenant_id };
}

interface RowProps {
  readonly credential: Credential;
  readonly tenant: { readonly id: string | null; readonly name: string } | null;
  readonly onSecret: (secret: CredentialSecret) => void;
}

function CredentialRow({ credential, tenant, onSecret }: RowProps) {
  const words = useWords(credentialsWords);
  const name = nameOf(credential, words.unnamed);
  return (
    <tr>
      <td className="head" data-l="">
        {name}
        <br />
        <span className="faint wire">{credential.kind === 'network' ? credential.networks.join(', ') : credential.handle}</span>
      </td>
      {tenant === null ? null : (
        <td data-l={words.tenant}>
          {tenant.id === null ? <span className="mute">{tenant.name}</span> : <A href={paths.tenant(tenant.id)}>{tenant.name}</A>}
        </td>
      )}
      <td className="mute" data-l={words.kind}>
        {words[credential.kind]}
      </td>
      <td data-l={words.state} className={credential.state === 'active' ? 'fine mute nw' : 'nw'}>
        {words[credential.state]}
      </td>
      <td data-l={words.lastUsed}>
        {credential.last_used_at === null ? <span className="faint">{words.never}</span> : <Time at={credential.last_used_at} />}
      </td>
      <td className="num acts" data-l="">
        <Doors credential={credential} name={name} onSecret={onSecret} />
      </td>
    </tr>
  );
}

function Doors({ credential, name, onSecret }: { credential: Credential; name: string; onSecret: (secret: CredentialSecret) => void }) {
  const words = useWords(credentialsWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const now = useNow();
  const person = usePerson();
  const client = useQueryClient();
  const renew = () =>
    Promise.all([client.invalidateQueries({ queryKey: ['credentials'] }), client.invalidateQueries({ queryKey: ['tenant'] })]);
  const door = (action: Parameters<typeof can>[0]) => can(action, credential.state, person, format.lang);
  // Whoever learns the secret of a key of the platform manages people with it: that is for owners.
  const secretDoor: Door = credential.tenant_id === null && person.role !== 'owner' ? { door: 'absent' } : door('rotateCredential');
  const change = async (state: 'active' | 'suspended', said: string, undo?: () => void) => {
    try {
      await patch(`/v1/credentials/${credential.id}`, { state });
      sayResult(said, undo);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const resume = () => change('active', words.resumed(name));
  const rotate = async () => {
    const made = await post<CredentialSecret>(`/v1/credentials/${credential.id}/rotate`, { grace_seconds: ROTATION_GRACE_S });
    onSecret(made);
    await renew();
  };
  const revoke = async () => {
    await remove(`/v1/credentials/${credential.id}`);
    await renew();
    sayResult(words.revokedNow(name));
  };
  if (credential.state === 'revoked') return null;
  const used = credential.last_used_at === null ? words.never : format.when(Date.parse(credential.last_used_at), now);
  return (
    <span className="btns end">
      {credential.kind === 'network' ? null : (
        <Confirm
          label={words.rotate}
          kind="quiet"
          door={secretDoor}
          title={words.rotateTitle(name)}
          body={words.rotateBody}
          verb={words.rotateVerb}
          act={rotate}
        />
      )}
      {credential.state === 'suspended' ? (
        <Button kind="quiet" door={door('resumeCredential')} onClick={() => void resume()}>
          {words.resume}
        </Button>
      ) : (
        <Button
          kind="quiet"
          door={door('suspendCredential')}
          onClick={() => void change('suspended', words.suspendedNow(name), person.ofTenant ? undefined : () => void resume())}
        >
          {words.suspend}
        </Button>
      )}
      <Confirm
        label={words.revoke}
        kind="quiet"
        door={door('revokeCredential')}
        title={words.revokeTitle(name)}
        body={words.revokeBody(used)}
        verb={words.revokeVerb}
        act={revoke}
      />
    </span>
  );
}

function nameOf(credential: Credential, unnamed: string): string {
  return credential.name === '' ? (credential.handle ?? unnamed) : credential.name;
}
