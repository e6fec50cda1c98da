// This file shows a tenant's sending domains with the records that prove them, and adds and removes them.
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch, post, remove } from '../api/client.ts';
import type { Page, SendingDomain } from '../api/model.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { Copy } from '../desk/copy.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.ts';
import { tenantPartWords } from '../words/tenant-parts.ts';

interface DomainsProps {
  readonly tenantId: string;
  readonly query: UseQueryResult<Page<SendingDomain>>;
}

export function Domains({ tenantId, query }: DomainsProps) {
  const words = useWords(tenantPartWords);
  const { role } = usePerson();
  const rows = query.data?.data ?? [];
  return (
    <Section id="domains" title={words.domains} question={words.domainsQuestion}>
      <div className="stack">
        {query.error === null ? null : <ErrorState error={query.error} what={words.domains} onRetry={() => void query.refetch()} />}
        {query.data !== undefined && rows.length === 0 ? <Empty title={words.noDomains}>{words.noDomainsHow}</Empty> : null}
        {rows.map((domain) => (
          <OneDomain key={domain.id} tenantId={tenantId} domain={domain} />
        ))}
        {role === 'viewer' || query.data === undefined ? null : (
          <details open={rows.length === 0}>
            <summary>{words.domainNew}</summary>
            <AddDomain tenantId={tenantId} />
          </details>
        )}
      </div>
    </Section>
  );
}

function OneDomain({ tenantId, domain }: { tenantId: string; domain: SendingDomain }) {
  const words = useWords(tenantPartWords);
  const desk = useWords(deskWords);
  const person = usePerson();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['tenant', tenantId, 'domains'] });
  const vouch = async (authenticated: boolean) => {
    try {
      await patch(`/v1/domains/${domain.id}`, { authenticated, state: authenticated ? 'verified' : 'warning' });
      sayResult((authenticated ? words.vouched : words.unvouched)(domain.name), authenticated ? () => void vouch(false) : undefined);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const drop = async () => {
    await remove(`/v1/domains/${domain.id}`);
    await renew();
    sayResult(words.domainRemoved(domain.name));
  };
  const writes = person.role !== 'viewer';
  return (
    <div className="sheet pad stack">
      <div className="sumline">
        <span>
          <b className="any">{domain.name}</b>{' '}
          <span className={domain.state === 'broken' ? 'st danger' : 'mute'}>{words[domain.state]}</span>
          <br />
          <span className="small mute">{domain.authenticated ? words.proved : words.notProved}</span>
        </span>
        <span className="btns">
          {writes && !person.ofTenant ? (
            <Button onClick={() => void vouch(!domain.authenticated)}>{domain.authenticated ? words.unvouch : words.vouch}</Button>
          ) : null}
          <Confirm
            label={words.domainRemove}
            kind="quiet"
            door={writes ? { door: 'open' } : { door: 'absent' }}
            title={words.domainRemoveTitle(domain.name)}
            body={words.domainRemoveBody}
            verb={words.domainRemove}
            act={drop}
          />
        </span>
      </div>
      {domain.records.length === 0 ? null : <Records domain={domain} />}
    </div>
  );
}

function Records({ domain }: { domain: SendingDomain }) {
  const words = useWords(tenantPartWords);
  return (
    <details open={domain.state === 'pending' || domain.state === 'broken'}>
      <summary>{words.records(domain.records.length)}</summary>
      <table className="tbl bare flow">
        <thead>
          <tr>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.host}</th>
            <th scope="col">{words.value}</th>
          </tr>
        </thead>
        <tbody>
          {domain.records.map((record) => (
            <tr key={`${record.type}${record.host}${record.value}`}>
              <td data-l={words.type}>{record.type}</td>
              <td className="host" data-l={words.host}>
                <Copy text={record.host} what={words.host} />
              </td>
              <td data-l={words.value}>
                <Copy text={record.value} what={words.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function AddDomain({ tenantId }: { tenantId: string }) {
  const words = useWords(tenantPartWords);
  const client = useQueryClient();
  const form = useForm(['name']);
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const made = await post<SendingDomain>(`/v1/tenants/${tenantId}/domains`, { name: name.trim() });
      await client.invalidateQueries({ queryKey: ['tenant', tenantId, 'domains'] });
      setName('');
      sayResult(words.domainAdded(made.name));
    });
  };
  return (
    <form className="form bar" onSubmit={submit}>
      <TextField
        label={words.domain}
        hint={words.domainHint}
        wire
        value={name}
        onChange={(event) => setName(event.target.value)}
        wrong={form.wrong('name')}
        required
        spellCheck={false}
        autoCapitalize="none"
      />
      <FormFoot verb={words.domainAdd} busy={form.busy} refused={form.refused} main={false} />
    </form>
  );
}
