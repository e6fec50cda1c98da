// This file shows the filters of Bounces and Complaints as a sentence of chips; those that come from a cell can only be taken away.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { tenantsQuery } from '../api/sender-queries.ts';
import { accountsQuery } from '../api/way-queries.ts';
import { useClassNames, useProviderNames } from '../class-words.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { SearchBox } from '../desk/search-box.tsx';
import { useFormat } from '../desk/time.tsx';
import type { AnswerFilters } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { answerWords } from '../words/answers.words.ts';
import { faultNames } from '../words/faults.words.ts';
import { streamNames } from '../words/states.words.ts';
import { chosenOf, TIMES, timeOf, without } from './answer-search.ts';

interface AnswerChipsProps {
  readonly filters: AnswerFilters;
  /** The page's own address with these filters. */
  readonly href: (filters: AnswerFilters) => string;
  /** Choices of one page only. */
  readonly children?: ReactNode;
  readonly withReasons?: boolean;
}

export function AnswerChips({ filters, href, children, withReasons = false }: AnswerChipsProps) {
  const words = useWords(answerWords);
  const streams = useWords(streamNames);
  const faults: Readonly<Record<string, string>> = useWords(faultNames);
  const className = useClassNames();
  const format = useFormat();
  const now = useNow();
  const router = useRouter();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const accounts = useQuery({ ...accountsQuery, enabled: !ofTenant && filters.account !== undefined, refetchInterval: false });
  const accountName = (id: string) => accounts.data?.data.find((account) => account.id === id)?.name ?? id;
  const providerName = useProviderNames();
  const base = without(filters, 'after');
  const go = (next: AnswerFilters) => router.history.push(href(next));
  const set = (name: keyof AnswerFilters) => (value: string) => go({ ...base, [name]: value });
  const drop = (name: keyof AnswerFilters) => () => go(without(base, name));
  const day = (iso: string | undefined) => (iso === undefined ? '…' : format.since(Date.parse(iso), now));
  const time = timeOf(filters);
  return (
    <search>
      <div className="chips bar">
        {time === null ? (
          <SetChip label={words.span} value={`${day(filters.from)} – ${day(filters.to)}`} onClear={() => go(without(base, 'from', 'to'))} />
        ) : (
          <ChoiceChip
            label={words.time}
            value={time}
            options={TIMES.map((one) => [one, words[one]])}
            onChange={set('time')}
            whole={false}
          />
        )}
        {ofTenant ? null : (
          <ChoiceChip
            label={words.tenant}
            value={filters.tenant ?? ''}
            options={(tenants.data?.data ?? []).map((tenant) => [tenant.id, tenant.name])}
            onChange={set('tenant')}
          />
        )}
        <ChoiceChip
          label={words.stream}
          value={filters.stream ?? ''}
          options={[
            ['transactional', streams.transactional],
            ['bulk', streams.bulk],
          ]}
          onChange={set('stream')}
        />
        {withReasons && !ofTenant ? (
          <ChoiceChip label={words.fault} value={filters.fault ?? ''} options={Object.entries(faults)} onChange={set('fault')} />
        ) : null}
        {children}
        {filters.class === undefined ? null : <SetChip label={words.class} value={className(filters.class)} onClear={drop('class')} />}
        {(['mailbox_provider', 'domain', 'account', 'address'] as const).map((name) => {
          const value = filters[name];
          const shown = name === 'mailbox_provider' ? providerName : name === 'account' ? accountName : String;
          return value === undefined ? null : <SetChip key={name} label={words[name]} value={shown(value)} onClear={drop(name)} />;
        })}
        {Object.keys(chosenOf(filters)).length === 0 ? null : (
          <A className="btn quiet" href={href(filters.time === undefined ? {} : { time: filters.time })}>
            {words.clear}
          </A>
        )}
      </div>
    </search>
  );
}

/** A box for one whole address. */
export function AddressBox({ filters, href }: { readonly filters: AnswerFilters; readonly href: (filters: AnswerFilters) => string }) {
  const words = useWords(answerWords);
  const router = useRouter();
  const search = (typed: string) => router.history.push(href({ ...without(filters, 'after'), address: typed }));
  return <SearchBox kept={filters.address ?? ''} label={words.addressLabel} button={words.look} onSearch={search} />;
}
