// This file is a provider's own suppression list, as far as it is about addresses of ours: what it says, and where we see it otherwise.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useObjectId, useSearch } from '../address.ts';
import { remove } from '../api/client.ts';
import { listEntriesQuery } from '../api/list-queries.ts';
import type { OneAccount, Page } from '../api/model.ts';
import type { ListEntry } from '../api/schema.gen.ts';
import { accountQuery } from '../api/way-queries.ts';
import { can } from '../can.ts';
import { A } from '../desk/a.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { Empty } from '../desk/empty.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { AskedPage } from '../desk/page.tsx';
import { Pages } from '../desk/pages.tsx';
import { SearchBox } from '../desk/search-box.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import type { Format } from '../format.ts';
import { type ListFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { accountListWords, listedNames, verdictNames } from '../words/account-list.words.ts';
import { frameWords } from '../words/frame.words.ts';
import { pick } from '../words/words.ts';

interface ListData {
  readonly page: Page<ListEntry>;
  readonly filters: ListFilters;
}

/** What does it say about our addresses, and where do we see it otherwise? */
export function logLine({ page, filters }: ListData, format: Format): string {
  const say = pick(accountListWords, format.lang);
  if (page.data.length === 0) return Object.keys(filters).length === 0 ? say.lineNone : say.lineNoMatch;
  const differ = page.data.filter((entry) => entry.verdict !== 'hold').length;
  const count = format.int(page.data.length);
  return differ === 0 ? say.lineAll(count) : say.lineDiffer(count, format.int(differ));
}

export function AccountList() {
  const words = useWords(accountListWords);
  const frame = useWords(frameWords);
  const format = useFormat();
  const id = useObjectId();
  const asked = useSearch();
  useEscapeBack(paths.account(id));
  const filters: ListFilters = useMemo(
    () => Object.fromEntries((['address', 'verdict', 'after'] as const).flatMap((name) => (asked[name] ? [[name, asked[name]]] : []))),
    [asked],
  );
  const account = useQuery(accountQuery(id)).data;
  const query = useQuery(listEntriesQuery(id, filters as Record<string, string>));
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={
        <>
          <A href={paths.accounts()}>{frame.accounts}</A>
          <A href={paths.account(id)}>{account?.name ?? words.title}</A>
        </>
      }
      line={(page) => logLine({ page, filters }, format)}
      above={<Filters id={id} filters={filters} />}
    >
      {(page) => <Entries page={page} filters={filters} id={id} account={account} />}
    </AskedPage>
  );
}

function Filters({ id, filters }: { id: string; filters: ListFilters }) {
  const words = useWords(accountListWords);
  const verdicts = useWords(verdictNames);
  const router = useRouter();
  const { after: _, ...base } = filters;
  const set = (name: keyof ListFilters) => (value: string) => router.history.push(paths.accountList(id, { ...base, [name]: value }));
  return (
    <search>
      <SearchBox kept={filters.address ?? ''} label={words.search} button={words.look} onSearch={set('address')} />
      <div className="chips bar">
        {filters.address === undefined ? null : (
          <SetChip label={words.address} value={filters.address} onClear={() => set('address')('')} />
        )}
        <ChoiceChip label={words.verdict} value={filters.verdict ?? ''} options={Object.entries(verdicts)} onChange={set('verdict')} />
        {Object.keys(base).length === 0 ? null : (
          <A className="btn quiet" href={paths.accountList(id)}>
            {words.clear}
          </A>
        )}
      </div>
    </search>
  );
}

interface EntriesProps extends ListData {
  readonly id: string;
  readonly account: OneAccount | undefined;
}

function Entries({ page, filters, id, account }: EntriesProps) {
  const words = useWords(accountListWords);
  const { after: _, ...base } = filters;
  if (page.data.length === 0) {
    const filtered = Object.keys(filters).length > 0;
    return (
      <div className="bar">
        <Empty title={filtered ? words.lineNoMatch : words.lineNone}>{filtered ? words.emptyMatchHow : words.emptyHow}</Empty>
      </div>
    );
  }
  return (
    <div className="bar" id="list">
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.address}</th>
              <th scope="col">{words.why}</th>
              <th scope="col">{words.verdict}</th>
              <th scope="col">{words.stops}</th>
              <th scope="col">{words.listed}</th>
              <th scope="col">
                <span className="sr">{words.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {page.data.map((entry) => (
              <Entry key={`${entry.address} ${entry.stream ?? ''}`} entry={entry} account={account} />
            ))}
          </tbody>
        </table>
      </div>
      <TableFoot
        shown={page.data.length}
        more={page.next !== null || filters.after !== undefined}
        keys={false}
        pages={
          <Pages
            first={filters.after === undefined ? null : paths.accountList(id, base)}
            next={page.next === null ? null : paths.accountList(id, { ...base, after: page.next })}
          />
        }
      />
    </div>
  );
}

function Entry({ entry, account }: { entry: ListEntry; account: OneAccount | undefined }) {
  const words = useWords(accountListWords);
  const listed = useWords(listedNames);
  const verdicts: Readonly<Record<string, string>> = useWords(verdictNames);
  const streams = { transactional: words.transactional, bulk: words.bulk };
  return (
    <tr>
      <td className="head" data-l="">
        <A href={paths.holds({ address: entry.address })}>{entry.address}</A>
      </td>
      <td data-l={words.why}>
        {listed[entry.why]}
        <div className="small wire faint">{entry.diagnostic ?? entry.label}</div>
      </td>
      <td data-l={words.verdict}>{verdicts[entry.verdict] ?? entry.verdict}</td>
      <td data-l={words.stops} className={entry.stream === null ? 'fine' : undefined}>
        <span className="mute">{entry.stream === null ? words.stopsAll : streams[entry.stream]}</span>
      </td>
      <td data-l={words.listed}>{entry.listed_at === null ? <span className="mute">·</span> : <Time at={entry.listed_at} />}</td>
      <td className="num acts" data-l="">
        {account === undefined ? null : <Unlist address={entry.address} account={account} />}
      </td>
    </tr>
  );
}

function Unlist({ address, account }: { address: string; account: OneAccount }) {
  const words = useWords(accountListWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  const act = async () => {
    await remove(`/v1/provider-accounts/${account.id}/suppressions?${new URLSearchParams({ address })}`);
    await client.invalidateQueries({ queryKey: ['list-sync', account.id] });
    sayResult(words.unlisted(address));
  };
  return (
    <Confirm
      label={words.unlist}
      kind="quiet"
      calm
      door={can('editAccount', account.state, person, format.lang)}
      title={words.unlistTitle(address)}
      body={words.unlistBody}
      verb={words.unlist}
      act={act}
    />
  );
}
