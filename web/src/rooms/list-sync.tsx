// This file shows, on a provider account's page, how the provider's own suppression list is kept in step, and changes that.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { patch, post } from '../api/client.ts';
import { listSyncQuery } from '../api/list-queries.ts';
import type { OneAccount, ProviderInfo } from '../api/model.ts';
import type { ListSync } from '../api/schema.gen.ts';
import { can } from '../can.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { Facts } from '../desk/facts.tsx';
import { CheckField, SelectField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { accountListWords } from '../words/account-list.words.ts';
import { deskWords } from '../words/desk.words.ts';
import { capital, type Words } from '../words/words.ts';

type Fact = readonly [name: string, value: ReactNode];
const PUSHES = ['never', 'own-list', 'always'] as const;

interface ListOfProviderProps {
  readonly account: OneAccount;
  readonly provider: ProviderInfo;
}

export function ListOfProvider({ account, provider }: ListOfProviderProps) {
  const words = useWords(accountListWords);
  const readable = provider.capabilities.suppressions !== null;
  const query = useQuery({ ...listSyncQuery(account.id), enabled: readable });
  const why = provider.cannot.find(({ what }) => /suppression/i.test(what))?.reason ?? '';
  return (
    <Section id="list" title={words.title} question={words.question}>
      {readable ? null : (
        <p className="mute">
          {words.none} {why}
        </p>
      )}
      {query.error === null ? null : <ErrorState error={query.error} what={words.what} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : (
        <div className="stack">
          <State sync={query.data} />
          <Doors account={account} />
          <Settings key={account.id} account={account} sync={query.data} />
        </div>
      )}
    </Section>
  );
}

function State({ sync }: { sync: ListSync }) {
  const words = useWords(accountListWords);
  const format = useFormat();
  const time = (name: string, at: string | null): Fact[] => (at === null ? [] : [[name, <Time key={name} at={at} focusable />]]);
  const { waiting, refused, last_refusal: refusal } = sync.changes;
  const told = countsTold(sync.counts, words, format.int);
  const state = sync.state === 'waiting' && sync.started_at === null ? words.neverRead : words[sync.state];
  const changes = [
    ...(waiting === 0 ? [] : [words.changesWaiting(format.int(waiting))]),
    ...(refused === 0 ? [] : [words.changesRefused(format.int(refused))]),
  ];
  return (
    <Facts
      facts={[
        [
          words.state,
          <span key="state" className={sync.state === 'failing' ? 'st danger' : undefined}>
            {capital(state)}
          </span>,
        ],
        ...(sync.last_error === null
          ? []
          : [[words.said, <Said key="said" text={sync.last_error} more={sync.needs_person ? words.needsPerson : ''} />] as const]),
        ...time(words.lastRead, sync.ended_at ?? sync.started_at),
        ...(told === '' ? [] : [[words.found, told] as const]),
        ...time(words.lastWhole, sync.whole_at),
        ...(sync.state === 'running' ? [] : time(words.nextRead, sync.due_at)),
        [words.changes, changes.length === 0 ? capital(words.inStep) : changes.join(', ')],
        ...(refusal === null ? [] : [[words.said, <Said key="refusal" text={refusal} more="" />] as const]),
      ]}
    />
  );
}

function Said({ text, more }: { text: string; more: string }) {
  return (
    <>
      <span className="said">{text}</span>
      {more === '' ? null : <span className="small">{more}</span>}
    </>
  );
}

/** What the reading found, worth naming first; zero is left out. */
function countsTold(counts: ListSync['counts'], words: Words<typeof accountListWords>, int: (count: number) => string): string {
  const named = [
    ['entries', words.entries],
    ['held', words.heldNow],
    ['held_before', words.heldBefore],
    ['strangers', words.strangers],
    ['vanished', words.vanished],
    ['released', words.released],
    ['unreadable', words.unreadable],
  ] as const;
  const told = named.flatMap(([key, say]) => {
    const count = counts[key] ?? 0;
    return count === 0 ? [] : [say(int(count))];
  });
  return [...told, ...(counts['truncated'] === 1 ? [words.truncated] : [])].join(', ');
}

function Doors({ account }: { account: OneAccount }) {
  const words = useWords(accountListWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  const door = can('editAccount', account.state, person, format.lang);
  const read = async (whole: boolean) => {
    try {
      await post(`/v1/provider-accounts/${account.id}/suppressions/sync`, { whole });
      await client.invalidateQueries({ queryKey: ['list-sync', account.id] });
      sayResult(words.started);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
  };
  return (
    <div className="btns">
      <A className="btn" href={paths.accountList(account.id)}>
        {words.toEntries}
      </A>
      <Button door={door} onClick={() => void read(false)}>
        {words.readNow}
      </Button>
      <Button kind="quiet" door={door} onClick={() => void read(true)}>
        {words.readWhole}
      </Button>
    </div>
  );
}

function Settings({ account, sync }: { account: OneAccount; sync: ListSync }) {
  const words = useWords(accountListWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  const form = useForm(['every_s', 'push_holds', 'follow_removals']);
  const [every, setEvery] = useState(String(sync.every_s));
  const [push, setPush] = useState<string>(sync.push_holds);
  const [follow, setFollow] = useState(sync.follow_removals);
  if (can('editAccount', account.state, person, format.lang).door !== 'open') return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const everyS = every.trim() === '' ? null : Number(every);
      await patch(`/v1/provider-accounts/${account.id}/suppressions/sync`, { every_s: everyS, push_holds: push, follow_removals: follow });
      await client.invalidateQueries({ queryKey: ['list-sync', account.id] });
      sayResult(words.saved);
    });
  };
  const names = { never: words.pushNever, 'own-list': words.pushOwn, always: words.pushAlways };
  return (
    <details>
      <summary>{words.settings}</summary>
      <form className="form bar" onSubmit={submit}>
        <TextField
          label={words.every}
          hint={words.everyHint}
          inputMode="numeric"
          value={every}
          onChange={(event) => setEvery(event.target.value)}
          wrong={form.wrong('every_s')}
        />
        <SelectField
          label={words.pushHolds}
          {...(sync.own_list_by === null ? {} : { hint: sync.own_list_by })}
          value={push}
          options={PUSHES.map((one) => [one, names[one]])}
          onChange={setPush}
          wrong={form.wrong('push_holds')}
        />
        <CheckField label={words.follow} checked={follow} onChange={setFollow} />
        <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
      </form>
    </details>
  );
}
