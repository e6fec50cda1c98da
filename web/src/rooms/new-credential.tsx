// This file makes a credential: an API key, an SMTP log-in or a trusted network. Its secret is shown once.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useSearch } from '../address.ts';
import { post } from '../api/client.ts';
import type { CredentialKind, CredentialSecret, Stream, Tenant } from '../api/model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { canMakeFor } from '../can.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Empty } from '../desk/empty.tsx';
import { ChecksField, ChoiceField, SelectField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Page } from '../desk/page.tsx';
import { SecretOnce } from '../desk/secret-once.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson, useSession } from '../session.ts';
import { credentialsWords, scopeNames } from '../words/credentials.words.ts';
import { pick } from '../words/words.ts';
import { secretPairs } from './secret-pairs.ts';

type Made = CredentialSecret & { readonly kind: CredentialKind };

/** What is needed here, and after that: where is the secret? */
export function logLine(made: Pick<Made, 'kind'> | null, format: Pick<Format, 'lang'>): string {
  const say = pick(credentialsWords, format.lang);
  if (made === null) return say.newLine;
  return made.kind === 'network' ? say.newLineNetwork : say.newLineDone;
}

export function NewCredential() {
  const words = useWords(credentialsWords);
  const { lang } = useScreen();
  const { ofTenant } = usePerson();
  const session = useSession();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const [made, setMade] = useState<Made | null>(null);
  const list = tenants.data?.data ?? [];
  return (
    <Page title={words.newTitle} crumb={<A href={listPath(ofTenant)}>{words.title}</A>} line={logLine(made, { lang })}>
      <div className="bar stack" id="secret">
        {made === null ? (
          ofTenant || tenants.data !== undefined ? (
            <MakeForm tenants={list} own={session?.tenant_id ?? null} onMade={setMade} />
          ) : null
        ) : (
          <Done made={made} onAgain={() => setMade(null)} />
        )}
      </div>
    </Page>
  );
}

/** Where they are listed. */
function listPath(ofTenant: boolean): string {
  return ofTenant ? paths.developers() : paths.credentials();
}

function Done({ made, onAgain }: { made: Made; onAgain: () => void }) {
  const words = useWords(credentialsWords);
  const actions = (
    <>
      <A className="btn" href={listPath(usePerson().ofTenant)}>
        {words.toList}
      </A>
      <Button kind="quiet" onClick={onAgain}>
        {words.another}
      </Button>
    </>
  );
  const pairs = secretPairs(made, words);
  return pairs.length === 0 ? (
    <div className="btns">{actions}</div>
  ) : (
    <SecretOnce title={words.secretTitle} text={words.secretText} pairs={pairs} actions={actions} />
  );
}

/** Stands for a key of the platform itself in the choice of organisations; only owners make one, for it manages people too. */
const PLATFORM = 'platform';

function MakeForm({ tenants, own, onMade }: { tenants: readonly Tenant[]; own: string | null; onMade: (made: Made) => void }) {
  const words = useWords(credentialsWords);
  const search = useSearch();
  const client = useQueryClient();
  const form = useForm(['name', 'scopes', 'cidr', 'rate_per_minute']);
  const names = useWords(scopeNames);
  const allScopes = Object.entries(names);
  const { role } = usePerson();
  const { lang } = useScreen();
  const forPlatform = role === 'owner' ? ([[PLATFORM, words.wherePlatform]] as const) : [];
  const [tenant, setTenant] = useState(own ?? search['tenant'] ?? tenants[0]?.id ?? forPlatform[0]?.[0] ?? '');
  const [kind, setKind] = useState<CredentialKind>('api_key');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState(allScopes.map(([scope]) => scope));
  const [stream, setStream] = useState<Stream>('transactional');
  const [cidr, setCidr] = useState('');
  const platform = tenant === PLATFORM;
  const how = platform ? 'api_key' : kind;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const secret = await post<CredentialSecret>(platform ? '/v1/credentials' : `/v1/tenants/${tenant}/credentials`, {
        kind: how,
        name,
        ...(platform ? {} : { default_stream: stream }),
        ...(how === 'api_key' && !platform ? { scopes } : {}),
        ...(how === 'network' ? { cidr: cidr.split(/[\s,]+/).filter((part) => part !== '') } : {}),
      });
      await Promise.all([
        client.invalidateQueries({ queryKey: ['credentials'] }),
        client.invalidateQueries({ queryKey: ['tenant', tenant] }),
      ]);
      onMade({ ...secret, kind: how });
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      {own !== null ? null : tenants.length === 0 ? (
        <Empty
          title={words.noTenant}
          actions={
            <A className="btn" href={paths.newTenant()}>
              {words.addTenant}
            </A>
          }
        />
      ) : (
        <SelectField
          label={words.whose}
          value={tenant}
          onChange={setTenant}
          options={[...tenants.map((row) => [row.id, row.name] as const), ...forPlatform]}
        />
      )}
      {platform ? null : <How kind={kind} onChange={setKind} withNetwork={own === null} />}
      <TextField
        label={words.newName}
        hint={words.newNameHint}
        value={name}
        onChange={(event) => setName(event.target.value)}
        wrong={form.wrong('name')}
        maxLength={200}
      />
      {how === 'api_key' && !platform ? (
        <ChecksField label={words.scopes} values={scopes} options={allScopes} onChange={setScopes} wrong={form.wrong('scopes')} />
      ) : null}
      {how === 'network' ? (
        <TextField
          label={words.cidr}
          hint={words.cidrHint}
          wire
          value={cidr}
          onChange={(event) => setCidr(event.target.value)}
          wrong={form.wrong('cidr')}
          required
          spellCheck={false}
        />
      ) : null}
      {platform ? null : (
        <SelectField
          label={words.stream}
          value={stream}
          onChange={(value) => setStream(value === 'bulk' ? 'bulk' : 'transactional')}
          options={[
            ['transactional', words.streamTransactional],
            ['bulk', words.streamBulk],
          ]}
        />
      )}
      <FormFoot verb={words.create} busy={form.busy} refused={form.refused} door={canMakeFor(tenant, lang)} />
    </form>
  );
}

function How({ kind, onChange, withNetwork }: { kind: CredentialKind; onChange: (kind: CredentialKind) => void; withNetwork: boolean }) {
  const words = useWords(credentialsWords);
  return (
    <ChoiceField<CredentialKind>
      label={words.how}
      name="kind"
      value={kind}
      onChange={onChange}
      options={[
        { value: 'api_key', title: words.howApi, text: words.howApiText },
        { value: 'smtp', title: words.howSmtp, text: words.howSmtpText },
        ...(withNetwork ? [{ value: 'network' as const, title: words.howNetwork, text: words.howNetworkText }] : []),
      ]}
    />
  );
}
