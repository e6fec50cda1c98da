// This file is Home: is mail moving, is anything lost or late, what needs me? For people of a tenant it is the Overview.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import type { AccountHealth, Overview } from '../api/model.ts';
import { overviewQuery } from '../api/queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Empty } from '../desk/empty.tsx';
import { IncidentCard } from '../desk/incident-card.tsx';
import { LedgerBar } from '../desk/ledger-bar.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { healthWords, rests } from '../health.ts';
import { paths } from '../paths.ts';
import { knownRate } from '../rate.ts';
import { useWords } from '../screen.ts';
import { useOwnName, usePerson } from '../session.ts';
import { fullCounts } from '../states.ts';
import { deskWords } from '../words/desk.words.ts';
import { homeWords } from '../words/home.words.ts';
import { AccountBreaker } from './account-breaker.tsx';
import { FirstCredential } from './first-credential.tsx';
import { logLine, tenantLogLine } from './home.log.ts';
import { wayOf } from './needs.ts';

export { logLine };

const FlowChart = lazy(() => import('../desk/flow-chart.tsx').then((file) => ({ default: file.FlowChart })));

export function Home() {
  const words = useWords(homeWords);
  const format = useFormat();
  const now = useNow();
  const { ofTenant } = usePerson();
  const ownName = useOwnName();
  const query = useQuery(overviewQuery);
  return (
    <AskedPage
      title={ofTenant ? words.overview : words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={
        <>
          <span>
            {format.longDate(now)}, {format.clock(now)}
          </span>
          <span className="right">{ofTenant ? (ownName ?? '') : words.live}</span>
        </>
      }
      line={(data) => (ofTenant ? tenantLogLine(data, format) : logLine(data, format))}
    >
      {(data) => (
        <>
          <Attention data={data} />
          <Flow data={data} />
          <Day data={data} />
          {ofTenant ? null : <WaysOut accounts={data.accounts} />}
          <Foot />
        </>
      )}
    </AskedPage>
  );
}

function Attention({ data }: { data: Overview }) {
  const words = useWords(homeWords);
  const format = useFormat();
  const now = useNow();
  if (data.needs_person.length === 0) return null;
  return (
    <Section id="attn" title={words.attention} question={words.attentionQuestion}>
      <div className="stack">
        {data.needs_person.map((need, index) => {
          const href = wayOf(need, data);
          return (
            <IncidentCard
              key={`${need.kind}${need.title}`}
              title={need.title}
              when={need.since === null ? undefined : words.openSince(format.since(Date.parse(need.since), now))}
              actions={
                href === null ? undefined : (
                  <A className={index === 0 ? 'btn main' : 'btn'} href={href}>
                    {words.look}
                  </A>
                )
              }
            >
              {need.text}
            </IncidentCard>
          );
        })}
      </div>
    </Section>
  );
}

function Flow({ data }: { data: Overview }) {
  const words = useWords(homeWords);
  const format = useFormat();
  const peak = useMemo(
    () =>
      data.flow.reduce(
        (most, row) => (row.transactional + row.bulk > most.count ? { count: row.transactional + row.bulk, at: row.minute } : most),
        { count: 0, at: data.now },
      ),
    [data],
  );
  const out = data.flow.some((row) => row.handed_over > 0);
  const label = words.flowSentence(format.int(peak.count), format.clock(Date.parse(peak.at)), format.int(data.taken_in_last_minute));
  return (
    <Section id="flow" title={words.flow} question={words.flowQuestion}>
      {peak.count === 0 && !out ? (
        <FirstCredential title={words.flowEmpty} how={words.flowEmptyHow} make={words.makeCredential} />
      ) : (
        <>
          <Suspense fallback={<div className="chart-room" />}>
            <FlowChart minutes={data.flow} label={label} />
          </Suspense>
          <p className="key">
            <span>
              <i className="tx" />
              {words.keyTx}
            </span>
            <span>
              <i className="bk" />
              {words.keyBulk}
            </span>
            <span>
              <i className="out" />
              {words.keyOut}
            </span>
          </p>
        </>
      )}
    </Section>
  );
}

function Day({ data }: { data: Overview }) {
  const words = useWords(homeWords);
  const format = useFormat();
  const { recipients, messages, states, answer_seconds: answer } = data.last_24h;
  const rate = knownRate(data.last_24h.delivered_rate);
  return (
    <Section id="ledger" title={words.day} question={words.dayQuestion}>
      {recipients === 0 ? (
        <Empty title={words.dayEmpty} />
      ) : (
        <div className="sheet pad">
          <div className="cols c3 fig mb-5">
            <dl>
              <dt>{words.takenIn}</dt>
              <dd>{format.int(recipients)}</dd>
              <dd className="iv">{words.ofMessages(messages, format.int(messages))}</dd>
            </dl>
            <dl>
              <dt>{words.rate}</dt>
              <dd>{rate === null ? '·' : format.rate(rate)}</dd>
              <dd className="iv">
                {rate === null ? (
                  words.rateNone
                ) : (
                  <details>
                    <summary>
                      {format.between(rate) === null ? '' : `${words.likely(format.between(rate) ?? '')} · `}
                      {words.howCounted}
                    </summary>
                    {data.last_24h.delivered_rate.definition}
                  </details>
                )}
              </dd>
            </dl>
            <dl>
              <dt>{words.answer}</dt>
              <dd>{answer.median === null ? '·' : format.lapse(answer.median * 1000)}</dd>
              <dd className="iv">{answer.p99 === null ? words.rateNone : words.slowest(format.lapse(answer.p99 * 1000))}</dd>
            </dl>
          </div>
          <LedgerBar counts={fullCounts(states)} total={recipients} href={(state) => paths.messages({ state, time: '24h' })} />
        </div>
      )}
    </Section>
  );
}

function WaysOut({ accounts }: { accounts: readonly AccountHealth[] }) {
  const words = useWords(homeWords);
  const there = accounts.filter((account) => account.state !== 'removed');
  // A column of empty cells says nothing.
  const said = there.some((account) => account.health !== 'well');
  return (
    <Section id="ways" title={words.ways} question={words.waysQuestion}>
      {there.length === 0 ? (
        <Empty
          title={words.waysEmpty}
          actions={
            <A className="btn main" href={paths.newAccount()}>
              {words.addAccount}
            </A>
          }
        >
          {words.waysEmptyHow}
        </Empty>
      ) : (
        <div className="sheet">
          <table className="tbl flow">
            <thead>
              <tr>
                <th scope="col">{words.account}</th>
                <th scope="col">{words.breaker}</th>
                {said ? <th scope="col">{words.says}</th> : null}
              </tr>
            </thead>
            <tbody>
              {there.map((account) => (
                <WayRow key={account.id} account={account} said={said} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function WayRow({ account, said }: { account: AccountHealth; said: boolean }) {
  const words = useWords(homeWords);
  const format = useFormat();
  return (
    <tr className={rests(account) ? 'bad' : undefined}>
      <td className="head" data-l="">
        <A href={paths.account(account.id)}>{account.name}</A>
        <br />
        <span className="small faint">
          {account.provider}
          {account.simulated ? `, ${words.simulated}` : ''}
        </span>
      </td>
      <td data-l={words.breaker}>
        <AccountBreaker account={account} />
      </td>
      {said ? (
        <td data-l={words.says}>
          {account.health === 'well' ? null : (
            <>
              {healthWords(account.health, format)}
              {account.health_reason === null ? null : <p className="said">{account.health_reason}</p>}
            </>
          )}
        </td>
      ) : null}
    </tr>
  );
}

function Foot() {
  const words = useWords(homeWords);
  const desk = useWords(deskWords);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <p className="foot">
      <span>
        {words.zone(zone)} <Time at={new Date().toISOString()} as="clock" focusable />
      </span>
      <Button kind="quiet" onClick={() => print()}>
        {desk.print}
      </Button>
    </p>
  );
}
