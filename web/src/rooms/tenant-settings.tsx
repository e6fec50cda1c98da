// This file changes a tenant's name and policy, and pauses or resumes it.
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch } from '../api/client.ts';
import type { Credential, Tenant } from '../api/model.ts';
import { can } from '../can.ts';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { problemText } from '../desk/error-state.tsx';
import { SelectField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { tenantPartWords } from '../words/tenant-parts.words.ts';
import { tenantsWords } from '../words/tenants.words.ts';

export function TenantSettings({ tenant, credentials }: { readonly tenant: Tenant; readonly credentials: readonly Credential[] }) {
  const words = useWords(tenantPartWords);
  const all = useWords(tenantsWords);
  const person = usePerson();
  const renew = useRenew(tenant.id);
  const form = useForm(['name', 'uncertain_policy', 'contact_email', 'language']);
  const [name, setName] = useState(tenant.name);
  const [contact, setContact] = useState(tenant.contact_email ?? '');
  const [language, setLanguage] = useState<string>(tenant.language);
  const [policy, setPolicy] = useState<string>(tenant.uncertain_policy ?? '');
  if (person.role === 'viewer' || person.ofTenant) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      await patch(`/v1/tenants/${tenant.id}`, {
        name,
        uncertain_policy: policy === '' ? null : policy,
        contact_email: contact.trim() === '' ? null : contact.trim(),
        language,
      });
      await renew();
      sayResult(words.saved);
    });
  };
  return (
    <Section id="settings" title={words.settings} question={words.settingsQuestion}>
      <form className="form" onSubmit={submit}>
        <TextField
          label={words.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          wrong={form.wrong('name')}
          required
          maxLength={200}
        />
        <SelectField
          label={all.newUncertain}
          value={policy}
          onChange={setPolicy}
          wrong={form.wrong('uncertain_policy')}
          options={[
            ['', all.house],
            ['resend', all.resend],
            ['hold', all.hold],
          ]}
        />
        <TextField
          label={words.contact}
          hint={words.contactHint}
          type="email"
          value={contact}
          onChange={(event) => setContact(event.target.value)}
          wrong={form.wrong('contact_email')}
        />
        <SelectField
          label={words.language}
          value={language}
          onChange={setLanguage}
          wrong={form.wrong('language')}
          options={[
            ['en', 'English'],
            ['de', 'Deutsch'],
          ]}
        />
        <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false}>
          <PauseOrResume tenant={tenant} keys={credentials.filter((credential) => credential.state === 'active').length} />
        </FormFoot>
      </form>
    </Section>
  );
}

function PauseOrResume({ tenant, keys }: { tenant: Tenant; keys: number }) {
  const words = useWords(tenantPartWords);
  const desk = useWords(deskWords);
  const { lang } = useScreen();
  const person = usePerson();
  const renew = useRenew(tenant.id);
  const resume = async () => {
    try {
      await patch(`/v1/tenants/${tenant.id}`, { state: 'active' });
      sayResult(words.resumed(tenant.name));
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const pause = async () => {
    await patch(`/v1/tenants/${tenant.id}`, { state: 'suspended' });
    await renew();
    sayResult(words.pausedNow(tenant.name), () => void resume());
  };
  if (tenant.state === 'suspended') {
    return (
      <Button kind="main" door={can('resumeTenant', tenant.state, person, lang)} onClick={() => void resume()}>
        {words.resume}
      </Button>
    );
  }
  return (
    <Confirm
      label={words.pause}
      kind="quiet"
      door={can('suspendTenant', tenant.state, person, lang)}
      title={words.pauseTitle(tenant.name)}
      body={words.pauseBody(keys)}
      verb={words.pauseVerb}
      act={pause}
    />
  );
}

function useRenew(id: string): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['tenant', id] }), client.invalidateQueries({ queryKey: ['tenants'] })]);
  };
}
