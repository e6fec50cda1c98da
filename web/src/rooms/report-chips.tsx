// This file is the filters above the reports that came.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { paths, type ReportFilters } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { reportKinds, reportStates, reportWords } from '../words/reports.words.ts';

export function ReportChips({ filters }: { readonly filters: ReportFilters }) {
  const words = useWords(reportWords);
  const kinds = useWords(reportKinds);
  const states = useWords(reportStates);
  const router = useRouter();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const { after: _, ...base } = filters;
  const set = (name: keyof ReportFilters) => (value: string) => router.history.push(paths.reports({ ...base, [name]: value }));
  return (
    <search className="chips">
      {filters.domain === undefined ? null : <SetChip label={words.domain} value={filters.domain} onClear={() => set('domain')('')} />}
      <ChoiceChip label={words.kind} value={filters.kind ?? ''} options={Object.entries(kinds)} onChange={set('kind')} />
      <ChoiceChip label={words.state} value={filters.state ?? ''} options={Object.entries(states)} onChange={set('state')} />
      {ofTenant ? null : (
        <ChoiceChip
          label={words.tenant}
          value={filters.tenant ?? ''}
          options={(tenants.data?.data ?? []).map((tenant) => [tenant.id, tenant.name])}
          onChange={set('tenant')}
        />
      )}
      {Object.keys(base).length === 0 ? null : (
        <A className="btn quiet" href={paths.reports()}>
          {words.clear}
        </A>
      )}
    </search>
  );
}
