// This file puts one address on hold by hand.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useSearch } from '../address.ts';
import { post } from '../api/client.ts';
import type { Hold } from '../api/feedback-model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { canMakeFor, type Door } from '../can.ts';
import { A } from '../desk/a.tsx';
import { ChoiceField, SelectField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Page } from '../desk/page.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { holdsWords } from '../words/holds.words.ts';
import { pick } from '../words/words.ts';

/** What follows from it? */
export function logLine(format: Pick<Format, 'lang'>): string {
  return pick(holdsWords, format.lang).newLine;
}

export function NewHold() {
  const words = useWords(holdsWords);
  const { lang } = useScreen();
  const { ofTenant } = usePerson();
  const router = useRouter();
  const client = useQueryClient();
  const form = useForm(['address', 'tenant_id']);
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant }).data?.data ?? [];
  const asked = useSearch()['tenant'];
  const [chosen, setChosen] = useState<string | null>(asked ?? null);
  const [address, setAddress] = useState('');
  const [stream, setStream] = useState<'all' | 'bulk'>('all');
  const tenant = chosen ?? tenants[0]?.id ?? '';
  const door: Door = ofTenant ? { door: 'open' } : canMakeFor(tenant, lang);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      await post<Hold>('/v1/suppressions', {
        address: address.trim(),
        ...(ofTenant ? {} : { tenant_id: tenant }),
        ...(stream === 'bulk' ? { stream } : {}),
      });
      await client.invalidateQueries({ queryKey: ['suppressions'] });
      sayResult(words.added(address.trim()));
      router.history.push(paths.holds(ofTenant ? {} : { tenant }));
    });
  };
  return (
    <Page title={words.add} crumb={<A href={paths.holds()}>{words.title}</A>} line={logLine({ lang })}>
      <form className="form bar" onSubmit={submit}>
        {ofTenant ? null : (
          <SelectField
            label={words.whose}
            value={tenant}
            onChange={setChosen}
            wrong={form.wrong('tenant_id')}
            options={tenants.map((row) => [row.id, row.name])}
          />
        )}
        <TextField
          label={words.newAddress}
          type="email"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          wrong={form.wrong('address')}
          required
          autoComplete="off"
        />
        <ChoiceField
          label={words.newStream}
          name="stream"
          value={stream}
          onChange={setStream}
          options={[
            { value: 'all', title: words.newAll, text: words.newAllText },
            { value: 'bulk', title: words.newBulk, text: words.newBulkText },
          ]}
        />
        <FormFoot verb={words.newVerb} busy={form.busy} refused={form.refused} door={door} />
      </form>
    </Page>
  );
}
