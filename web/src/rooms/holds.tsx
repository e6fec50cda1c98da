// This file is On hold: whom do we not write to, since when, on what proof, until when; and the way out.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useSearch } from '../address.ts';
import { holdsQuery } from '../api/feedback-queries.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { mayMake } from '../can.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { type HoldFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { holdsWords } from '../words/holds.ts';
import { classNames } from '../words/mail.ts';
import { HOLD_REASONS } from './hold-reasons.ts';
import { logLine } from './holds.log.ts';

export { logLine };

const HoldTable = lazy(() => import('./hold-table.tsx').then((file) => ({ default: file.HoldTable })));
/** A whole address; anything else is how one begins. */
const WHOLE = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const NAMES = ['address', 'q', 'reason', 'stream', 'tenant', 'after'] as const;

export function Holds() {
  const words = useWords(holdsWords);
  const format = useFormat();
  const now = useNow();
  const filters = useHoldFilters();
  const search = useMemo(() => apiSearch(filters), [filters]);
  const query = useQuery(holdsQuery(search));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<span>{words.title}</span>}
      line={(page) => logLine({ page, filters, nowMs: now }, format)}
      above={
        <>
          <Doors tenant={filters.tenant} />
          <SearchBar filters={filters} />
        </>
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          <HoldTable page={page} filters={filters} search={search} />
        </Suspense>
      )}
    </AskedPage>
  );
}

function Doors({ tenant }: { tenant: string | undefined }) {
  const words = useWords(holdsWords);
  const person = usePerson();
  const query = new URLSearchParams({ format: 'csv', ...(tenant === undefined ? {} : { tenant_id: tenant }) });
  return (
    <div className="btns bar">
      {mayMake('hold', person) ? (
        <>
          <A className="btn" href={paths.newHold(tenant)}>
            {words.add}
          </A>
          <A className="btn" href={paths.importHolds(tenant)}>
            {words.import}
          </A>
        </>
      ) : null}
      {person.ofTenant || tenant !== undefined ? (
        <a className="btn" href={`/v1/suppressions/export?${query}`} download="on-hold.csv">
          {words.export}
        </a>
      ) : null}
      <A className="btn quiet" href={paths.holdPolicy(tenant)}>
        {words.policy}
      </A>
    </div>
  );
}

function SearchBar({ filters }: { filters: HoldFilters }) {
  const words = useWords(holdsWords);
  const classes = useWords(classNames);
  const router = useRouter();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const kept = filters.address ?? filters.q ?? '';
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const { after: _, ...base } = filters;
  const set = (name: keyof HoldFilters) => (value: string) => router.history.push(paths.holds({ ...base, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { address: _address, q: _q, ...rest } = base;
    const typed = text.trim();
    router.history.push(paths.holds({ ...rest, [WHOLE.test(typed) ? 'address' : 'q']: typed }));
  };
  return (
    <search>
      <form className="find-row" onSubmit={submit}>
        <input
          type="search"
          className="input"
          aria-label={words.addressLabel}
          placeholder={words.addressLabel}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit">{words.look}</Button>
      </form>
      <div className="chips bar">
        {filters.address === undefined ? null : (
          <SetChip label={words.address} value={filters.address} onClear={() => set('address')('')} />
        )}
        {filters.q === undefined ? null : <SetChip label={words.begins} value={filters.q} onClear={() => set('q')('')} />}
        <ChoiceChip
          label={words.reason}
          value={filters.reason ?? ''}
          options={HOLD_REASONS.map((reason) => [reason, classes[reason]])}
          onChange={set('reason')}
        />
        <ChoiceChip
          label={words.stream}
          value={filters.stream ?? ''}
          options={[
            ['transactional', words.transactional],
            ['bulk', words.bulk],
          ]}
          onChange={set('stream')}
        />
        {ofTenant ? null : (
          <ChoiceChip
            label={words.tenant}
            value={filters.tenant ?? ''}
            options={(tenants.data?.data ?? []).map((tenant) => [tenant.id, tenant.name])}
            onChange={set('tenant')}
          />
        )}
        {Object.keys(base).length === 0 ? null : (
          <A className="btn quiet" href={paths.holds()}>
            {words.clear}
          </A>
        )}
      </div>
    </search>
  );
}

function useHoldFilters(): HoldFilters {
  const search = useSearch();
  return useMemo(() => Object.fromEntries(NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : []))), [search]);
}

function apiSearch({ tenant, ...rest }: HoldFilters): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
  };
}
