// This file shows and changes whether From is written anew for an organisation: the operator allows it, the organisation agrees.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { put } from '../api/client.ts';
import type { Rewriting as Setting } from '../api/schema.gen.ts';
import { rewritingQuery } from '../api/sender-queries.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { CheckField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { senderWords } from '../words/senders.words.ts';
import { HeldWaiting } from './held-waiting.tsx';

export function Rewriting({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(senderWords);
  const { role, ofTenant } = usePerson();
  const query = useQuery(rewritingQuery(tenantId));
  const setting = query.data;
  return (
    <Section id="rewriting" title={words.rewriting} question={words.rewritingQuestion}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.rewriting} onRetry={() => void query.refetch()} />}
      {setting === undefined ? null : !setting.possible ? (
        <p className="mute">{words.impossible}</p>
      ) : (
        <div className="stack">
          <p className="prose">{words.explain(setting.domain ?? words.aDomain)}</p>
          {setting.allowed || !ofTenant ? null : <p className="mute">{words.notAllowed}</p>}
          {setting.allowed ? null : <HeldWaiting count={setting.held_for_allowance} tenantId={tenantId} until="allowance" />}
          {setting.allowed ? <Consent setting={setting} /> : null}
          {ofTenant || role === 'viewer' ? null : <Allowance key={tenantId} setting={setting} />}
        </div>
      )}
    </Section>
  );
}

function Consent({ setting }: { setting: Setting }) {
  const words = useWords(senderWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const now = useNow();
  const { role } = usePerson();
  const client = useQueryClient();
  const path = `/v1/tenants/${setting.tenant_id}/rewriting`;
  const renew = () => client.invalidateQueries({ queryKey: ['tenant', setting.tenant_id] });
  const agree = async () => {
    await put(path, { consented: true });
    await renew();
    sayResult(words.consentNow);
  };
  const withdraw = async () => {
    try {
      await put(path, { consented: false });
      sayResult(words.withdrawn, () => void agree());
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  return (
    <>
      <p>
        {setting.consented_at === null ? words.notConsented : words.consented(format.moment(Date.parse(setting.consented_at), now))}{' '}
        {setting.consented ? words.used(format.int(setting.used_today), format.int(setting.daily_cap)) : null}
      </p>
      <HeldWaiting count={setting.held_for_consent} tenantId={setting.tenant_id} until="consent" />
      <HeldWaiting count={setting.held_for_cap} tenantId={setting.tenant_id} until="cap" />
      {role === 'viewer' ? null : (
        <div className="btns">
          {setting.consented ? (
            <Button kind="quiet" onClick={() => void withdraw()}>
              {words.withdraw}
            </Button>
          ) : (
            <Confirm
              label={words.consent}
              calm
              door={{ door: 'open' }}
              title={words.consentTitle}
              body={
                <>
                  {words.explain(setting.domain ?? words.aDomain)} {words.consentFor}
                </>
              }
              verb={words.consentVerb}
              act={agree}
            />
          )}
        </div>
      )}
    </>
  );
}

function Allowance({ setting }: { setting: Setting }) {
  const words = useWords(senderWords);
  const client = useQueryClient();
  const form = useForm(['allowed', 'as_is', 'daily_cap']);
  const [allowed, setAllowed] = useState(setting.allowed);
  const [asIs, setAsIs] = useState(setting.as_is);
  const [cap, setCap] = useState(String(setting.daily_cap));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const dailyCap = cap.trim() === '' ? null : Number(cap);
      await put(`/v1/tenants/${setting.tenant_id}/rewriting`, { allowed, as_is: asIs, daily_cap: dailyCap });
      await client.invalidateQueries({ queryKey: ['tenant', setting.tenant_id] });
      sayResult(words.saved);
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <CheckField label={words.allow} checked={allowed} onChange={setAllowed} />
      <CheckField label={words.asIsToo} checked={asIs} onChange={setAsIs} />
      {allowed ? (
        <TextField
          label={words.cap}
          hint={words.capHint}
          inputMode="numeric"
          value={cap}
          onChange={(event) => setCap(event.target.value)}
          wrong={form.wrong('daily_cap')}
        />
      ) : null}
      <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
    </form>
  );
}
