// This file adds a sending domain: for an organisation's own people to their own, for an operator to a named one.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { post } from '../api/client.ts';
import type { SendingDomain } from '../api/model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { canMakeFor } from '../can.ts';
import { SelectField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { useSession } from '../session.ts';
import { domainWords } from '../words/domains.words.ts';
import { tenantPartWords } from '../words/tenant-parts.words.ts';

interface AddDomainProps {
  /** Null: their own organisation, or the one an operator chooses. */
  readonly tenantId: string | null;
  /** False where the page that shows it stays: it lists the new domain itself. */
  readonly open?: boolean;
}

export function AddDomain({ tenantId, open = true }: AddDomainProps) {
  const words = useWords(tenantPartWords);
  const all = useWords(domainWords);
  const { lang } = useScreen();
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm(['name']);
  const own = useSession()?.tenant_id ?? tenantId;
  const tenants = useQuery({ ...tenantsQuery, enabled: own === null }).data?.data ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState('');
  const whose = own ?? chosen ?? tenants[0]?.id ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const made = await post<SendingDomain>(`/v1/tenants/${whose}/domains`, { name: name.trim() });
      await Promise.all([
        client.invalidateQueries({ queryKey: ['tenant', whose, 'domains'] }),
        client.invalidateQueries({ queryKey: ['domains'] }),
      ]);
      setName('');
      sayResult(words.domainAdded(made.name));
      if (open) router.history.push(paths.domain(made.id));
    });
  };
  return (
    <form className="form bar" onSubmit={submit}>
      {own === null ? (
        <SelectField label={all.tenant} value={whose} onChange={setChosen} options={tenants.map((tenant) => [tenant.id, tenant.name])} />
      ) : null}
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
      <FormFoot verb={words.domainAdd} busy={form.busy} refused={form.refused} main={false} door={canMakeFor(whose, lang)} />
    </form>
  );
}
