// This file is the filters above the mails that came back.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Mailbox } from '../api/schema.gen.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip } from '../desk/chips.tsx';
import { type InboundFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { inboundWords, kindNames, outcomeNames } from '../words/inbound.words.ts';

interface InboundChipsProps {
  readonly filters: InboundFilters;
  readonly mailboxes: readonly Mailbox[];
}

export function InboundChips({ filters, mailboxes }: InboundChipsProps) {
  const words = useWords(inboundWords);
  const kinds = useWords(kindNames);
  const outcomes = useWords(outcomeNames);
  const router = useRouter();
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const { after: _, ...base } = filters;
  const set = (name: keyof InboundFilters) => (value: string) => router.history.push(paths.inbound({ ...base, [name]: value }));
  return (
    <search className="chips bar">
      <ChoiceChip label={words.kind} value={filters.kind ?? ''} options={Object.entries(kinds)} onChange={set('kind')} />
      <ChoiceChip label={words.outcome} value={filters.outcome ?? ''} options={Object.entries(outcomes)} onChange={set('outcome')} />
      {mailboxes.length === 0 ? null : (
        <ChoiceChip
          label={words.mailbox}
          value={filters.mailbox ?? ''}
          options={mailboxes.map((mailbox) => [mailbox.id, mailbox.name])}
          onChange={set('mailbox')}
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
      {Object.keys(base).length === 0 ? null : (
        <A className="btn quiet" href={paths.inbound()}>
          {words.clear}
        </A>
      )}
    </search>
  );
}
