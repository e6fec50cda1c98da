// This file is the search above the list of messages: one box that knows an address, an id and a subject apart, and the filters as a sentence.
import { useRouter } from '@tanstack/react-router';
import { RECIPIENT_STATES, type Tenant } from '../api/model.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { SearchBox } from '../desk/search-box.tsx';
import { type MessageFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { sayWaits, waitChips, waitsWords } from '../words/held.words.ts';
import { messagesWords } from '../words/messages.words.ts';
import { stateNames, streamNames } from '../words/states.words.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIMES = ['1h', '24h', '7d', '30d'] as const;

export function SearchBar({ filters, tenants }: { readonly filters: MessageFilters; readonly tenants: readonly Tenant[] }) {
  const words = useWords(messagesWords);
  const states = useWords(stateNames);
  const streams = useWords(streamNames);
  const chips = useWords(waitChips);
  const waits = useWords(waitsWords);
  const router = useRouter();
  const { ofTenant } = usePerson();
  const kept = filters.address ?? filters.subject ?? filters.id ?? '';
  const go = (next: MessageFilters) => router.history.push(paths.messages(next));
  const { after: _, ...base } = filters;
  const search = (typed: string) => {
    const { address: _address, subject: _subject, id: _id, ...rest } = base;
    if (UUID.test(typed) && !ofTenant) router.history.push(paths.message(typed.toLowerCase()));
    else go(typed === '' ? rest : { ...rest, [kindOf(typed)]: typed });
  };
  const set = (name: keyof MessageFilters) => (value: string) => go({ ...base, [name]: value });
  return (
    <search>
      <SearchBox kept={kept} label={words.searchLabel} button={words.search} onSearch={search} />
      <div className="chips bar">
        {filters.address === undefined ? null : (
          <SetChip label={words.address} value={filters.address} onClear={() => set('address')('')} />
        )}
        {filters.subject === undefined ? null : (
          <SetChip label={words.subject} value={filters.subject} onClear={() => set('subject')('')} />
        )}
        {filters.id === undefined ? null : <SetChip label={words.id} value={filters.id} onClear={() => set('id')('')} />}
        {filters.sender === undefined ? null : <SetChip label={chips.sender} value={filters.sender} onClear={() => set('sender')('')} />}
        {filters.waits_for === undefined ? null : (
          <SetChip label={chips.waitsFor} value={sayWaits(filters.waits_for, waits, chips.or)} onClear={() => set('waits_for')('')} />
        )}
        <ChoiceChip
          label={words.time}
          value={filters.time ?? ''}
          options={TIMES.map((time) => [time, words[time]])}
          onChange={set('time')}
        />
        <ChoiceChip
          label={words.state}
          value={filters.state ?? ''}
          options={RECIPIENT_STATES.map((state) => [state, states[state]])}
          onChange={set('state')}
        />
        {filters.state !== 'held' || filters.waits_for !== undefined ? null : (
          <ChoiceChip label={chips.waitsFor} value="" options={Object.entries(waits)} onChange={set('waits_for')} />
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
        {ofTenant ? null : (
          <ChoiceChip
            label={words.tenant}
            value={filters.tenant ?? ''}
            options={tenants.map((tenant) => [tenant.id, tenant.name])}
            onChange={set('tenant')}
          />
        )}
        {Object.keys(base).length === 0 ? null : (
          <A className="btn quiet" href={paths.messages()}>
            {words.clear}
          </A>
        )}
      </div>
    </search>
  );
}

function kindOf(text: string): 'id' | 'address' | 'subject' {
  if (UUID.test(text)) return 'id';
  return text.includes('@') && !/\s/.test(text) ? 'address' : 'subject';
}
