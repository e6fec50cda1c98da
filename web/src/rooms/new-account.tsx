// This file adds a provider account, with the form of the chosen kind.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useSearch } from '../address.ts';
import { post } from '../api/client.ts';
import type { Page, ProviderAccount, ProviderInfo } from '../api/model.ts';
import { providersQuery } from '../api/way-queries.ts';
import { A } from '../desk/a.tsx';
import { SelectField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { accountFormWords } from '../words/account-form.words.ts';
import { frameWords } from '../words/frame.words.ts';
import { pick } from '../words/words.ts';
import { type AccountValues, firstValues, halvesOf } from './account-fields.ts';
import { AccountFields, fieldNames } from './account-form.tsx';

/** What is needed here? */
export function logLine(_page: Page<ProviderInfo>, format: Pick<Format, 'lang'>): string {
  return pick(accountFormWords, format.lang).newLine;
}

export function NewAccount() {
  const words = useWords(accountFormWords);
  const frame = useWords(frameWords);
  const format = useFormat();
  const query = useQuery(providersQuery);
  return (
    <AskedPage
      title={words.newTitle}
      query={query}
      what={words.kinds}
      asking={words.asksKinds}
      crumb={<A href={paths.accounts()}>{frame.accounts}</A>}
      line={(page) => logLine(page, format)}
    >
      {(page) => <AddForm kinds={page.data} />}
    </AskedPage>
  );
}

function AddForm({ kinds }: { kinds: readonly ProviderInfo[] }) {
  const words = useWords(accountFormWords);
  const asked = useSearch()['provider'];
  const client = useQueryClient();
  const router = useRouter();
  const [provider, setProvider] = useState(kinds.find((kind) => kind.kind === asked)?.kind ?? kinds[0]?.kind ?? 'smtp');
  const [name, setName] = useState('');
  // Kept by kind, so that looking at another kind loses nothing.
  const [typed, setTyped] = useState<Readonly<Record<string, AccountValues>>>({});
  const values = typed[provider] ?? firstValues(provider);
  const form = useForm(['name', 'provider', ...fieldNames(provider)]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const made = await post<ProviderAccount>('/v1/provider-accounts', { name, provider, ...halvesOf(provider, values, false) });
      await Promise.all([client.invalidateQueries({ queryKey: ['accounts'] }), client.invalidateQueries({ queryKey: ['overview'] })]);
      sayResult(words.created(made.name));
      router.history.push(paths.account(made.id));
    });
  };
  return (
    <form className="form bar" onSubmit={submit} autoComplete="off">
      <SelectField
        label={words.provider}
        value={provider}
        onChange={setProvider}
        options={kinds.map((kind) => [kind.kind, kind.title])}
        wrong={form.wrong('provider')}
      />
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={name}
        onChange={(event) => setName(event.target.value)}
        wrong={form.wrong('name')}
        required
        maxLength={120}
      />
      <AccountFields
        provider={provider}
        values={values}
        onChange={(next) => setTyped({ ...typed, [provider]: next })}
        wrong={form.wrong}
        stored={false}
      />
      <FormFoot verb={words.create} busy={form.busy} refused={form.refused} />
    </form>
  );
}
