// This file is Provider accounts: which account is well, and what is it silent about?
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSearch } from '../address.ts';
import type { ProviderAccount, ProviderInfo } from '../api/model.ts';
import { accountsQuery, providersQuery } from '../api/way-queries.ts';
import { A } from '../desk/a.tsx';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { AskedPage } from '../desk/page.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { rests } from '../health.ts';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { accountsWords } from '../words/accounts.words.ts';
import { AccountBreaker } from './account-breaker.tsx';
import { logLine } from './accounts.log.ts';

export { logLine };

export function Accounts() {
  const words = useWords(accountsWords);
  const format = useFormat();
  const person = usePerson();
  const router = useRouter();
  const { sort = '' } = useSearch();
  const query = useQuery(accountsQuery);
  const providers = useQuery(providersQuery);
  const columns = useColumns(providers.data?.data);
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.accounts()} title={words.title} />}
      line={(page) => logLine(page, format)}
      above={
        mayMake('account', person) ? (
          <div className="btns bar">
            <A className="btn" href={paths.newAccount()}>
              {words.add}
            </A>
          </div>
        ) : null
      }
    >
      {(page) => {
        const rows = page.data.filter((account) => account.state !== 'removed');
        return (
          <div className="bar" id="list">
            {rows.length === 0 ? (
              <Empty title={words.none}>{words.emptyHow}</Empty>
            ) : (
              <>
                <div className="sheet">
                  <DataTable
                    caption={words.caption}
                    rows={rows}
                    columns={columns}
                    rowId={(account) => account.id}
                    rowHref={(account) => paths.account(account.id)}
                    sort={sort}
                    onSort={(next) => router.history.push(paths.accounts({ sort: next }))}
                    bad={rests}
                  />
                </div>
                <TableFoot shown={rows.length} more={page.next !== null} />
              </>
            )}
          </div>
        );
      }}
    </AskedPage>
  );
}

function useColumns(providers: readonly ProviderInfo[] | undefined): Column<ProviderAccount>[] {
  const words = useWords(accountsWords);
  return useMemo(() => {
    const info = (account: ProviderAccount) => providers?.find((provider) => provider.kind === account.provider);
    return [
      {
        id: 'name',
        head: words.name,
        cell: (account) => (
          <>
            {account.name}
            {account.simulated ? <span className="small faint"> {words.simulated}</span> : null}
          </>
        ),
        sort: (account) => account.name.toLowerCase(),
      },
      {
        id: 'provider',
        head: words.provider,
        cell: (account) => <span className="mute">{info(account)?.title ?? account.provider}</span>,
        sort: (account) => account.provider,
      },
      { id: 'breaker', head: words.breaker, cell: (account) => <AccountBreaker account={account} />, sort: (account) => account.health },
      {
        id: 'silent',
        head: words.silent,
        cell: (account) => (
          <span className="mute">{info(account)?.capabilities.deliveryEvents === false ? words.silentDelivered : words.nothing}</span>
        ),
        fine: (account) => info(account)?.capabilities.deliveryEvents !== false,
      },
      { id: 'since', head: words.since, cell: (account) => <Time at={account.created_at} />, sort: (account) => account.created_at },
    ];
  }, [words, providers]);
}
