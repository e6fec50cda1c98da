// This file is the search above the addresses on hold: one box that knows a whole address from how one begins, and the filters.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { SearchBox } from '../desk/search-box.tsx';
import { type HoldFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { classNames } from '../words/classes.words.ts';
import { holdsWords } from '../words/holds.words.ts';
import { HOLD_REASONS } from './hold-reasons.ts';

/** A whole address; anything else is how one begins. */
const WHOLE = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
export function HoldSearch({ filters }: { readonly filters: HoldFilters }) {
  const words = useWords(holdsWords);
  const classes = useWords(classNames);
  const router = useRouter();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const kept = filters.address ?? filters.q ?? '';
  const { after: _, ...base } = filters;
  const set = (name: keyof HoldFilters) => (value: string) => router.history.push(paths.holds({ ...base, [name]: value }));
  const search = (typed: string) => {
    const { address: _address, q: _q, ...rest } = base;
    router.history.push(paths.holds({ ...rest, [WHOLE.test(typed) ? 'address' : 'q']: typed }));
  };
  return (
    <search>
      <SearchBox kept={kept} label={words.addressLabel} button={words.look} onSearch={search} />
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
