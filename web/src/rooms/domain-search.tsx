// This file is the search above the sending domains.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { SearchBox } from '../desk/search-box.tsx';
import { type DomainFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { domainWords } from '../words/domains.words.ts';

const STATES = ['broken', 'warning', 'pending', 'verified'] as const;

export function DomainSearch({ filters }: { readonly filters: DomainFilters }) {
  const words = useWords(domainWords);
  const router = useRouter();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const { after: _, ...base } = filters;
  const set = (name: keyof DomainFilters) => (value: string) => router.history.push(paths.domains({ ...base, [name]: value }));
  return (
    <search>
      <SearchBox kept={filters.name ?? ''} label={words.search} button={words.look} onSearch={set('name')} />
      <div className="chips bar">
        {filters.name === undefined ? null : <SetChip label={words.name} value={filters.name} onClear={() => set('name')('')} />}
        <ChoiceChip
          label={words.state}
          value={filters.state ?? ''}
          options={STATES.map((state) => [state, words[state]])}
          onChange={set('state')}
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
          <A className="btn quiet" href={paths.domains()}>
            {words.clear}
          </A>
        )}
      </div>
    </search>
  );
}
