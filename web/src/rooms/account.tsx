// This file is one provider account: may it carry mail, where does it report, what can it do, and its settings.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useObjectId } from '../address.ts';
import { patch, remove } from '../api/client.ts';
import type { OneAccount as Account, ProviderInfo } from '../api/model.ts';
import { accountQuery, providersQuery } from '../api/way-queries.ts';
import { can } from '../can.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { Copy } from '../desk/copy.tsx';
import { problemText } from '../desk/error-state.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { Facts } from '../desk/facts.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import type { Format } from '../format.ts';
import { notePlace } from '../frame/recent.ts';
import { healthWords, rests } from '../health.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { accountWords } from '../words/account.words.ts';
import { deskWords } from '../words/desk.words.ts';
import { frameWords } from '../words/frame.words.ts';
import { pick } from '../words/words.ts';
import { AccountBreaker } from './account-breaker.tsx';

// The sentence stands first; forms and lists are loaded while it is read.
const AccountSettings = lazy(() => import('./account-settings.tsx').then((file) => ({ default: file.AccountSettings })));
const AccountTester = lazy(() => import('./account-test.tsx').then((file) => ({ default: file.AccountTester })));
const Capabilities = lazy(() => import('./capabilities.tsx').then((file) => ({ default: file.Capabilities })));
const ListOfProvider = lazy(() => import('./list-sync.tsx').then((file) => ({ default: file.ListOfProvider })));

/** May it carry mail, and if not, when again? */
export function logLine(account: Account, format: Format, nowMs: number): string {
  const say = pick(accountWords, format.lang);
  if (account.state === 'removed') return say.removed;
  if (account.state === 'paused') return say.paused;
  if (account.health === 'well') return account.simulated ? say.wellSimulated : say.well;
  if (!rests(account)) return say.degraded;
  const why = healthWords(account.health, format);
  const until = account.health_until === null ? null : Date.parse(account.health_until);
  return until !== null && until > nowMs ? say.rests(why, format.clock(until)) : say.restsNow(why);
}

export function OneAccount() {
  const words = useWords(accountWords);
  const frame = useWords(frameWords);
  const format = useFormat();
  const now = useNow();
  const id = useObjectId();
  useEscapeBack(paths.accounts());
  const query = useQuery(accountQuery(id));
  const providers = useQuery(providersQuery);
  const name = query.data?.name;
  useEffect(() => {
    if (name !== undefined) notePlace(name, paths.account(id));
  }, [name, id]);
  return (
    <AskedPage
      title={(account) => account.name}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={(account) => (
        <>
          <A href={paths.accounts()}>{frame.accounts}</A>
          <span className="any">{account.name}</span>
        </>
      )}
      line={(account) => logLine(account, format, now)}
    >
      {(account) => {
        const provider = providers.data?.data.find((kind) => kind.kind === account.provider);
        return (
          <>
            <p className="under">{words.under(provider?.title ?? account.provider, format.day(Date.parse(account.created_at), now))}</p>
            <Actions account={account} />
            <Suspense fallback={null}>
              <Health account={account} />
              <Webhook account={account} provider={provider} />
              {provider === undefined || account.state === 'removed' ? null : <ListOfProvider account={account} provider={provider} />}
              {provider === undefined ? null : <Capabilities provider={provider} />}
              <AccountSettings key={account.id} account={account} />
            </Suspense>
          </>
        );
      }}
    </AskedPage>
  );
}

function Actions({ account }: { account: Account }) {
  const words = useWords(accountWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const person = usePerson();
  const router = useRouter();
  const client = useQueryClient();
  const door = (action: Parameters<typeof can>[0]) => can(action, account.state, person, format.lang);
  const renew = () =>
    Promise.all([client.invalidateQueries({ queryKey: ['account', account.id] }), client.invalidateQueries({ queryKey: ['accounts'] })]);
  const set = async (state: 'active' | 'paused', undo: boolean) => {
    try {
      await patch(`/v1/provider-accounts/${account.id}`, { state });
      const back = () => void set(state === 'active' ? 'paused' : 'active', false);
      sayResult((state === 'active' ? words.resumed : words.pausedNow)(account.name), undo ? back : undefined);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const drop = async () => {
    await remove(`/v1/provider-accounts/${account.id}`);
    await renew();
    router.history.push(paths.accounts());
  };
  return (
    <div className="btns bar">
      {account.state === 'paused' ? (
        <Button kind="main" door={door('resumeAccount')} onClick={() => void set('active', true)}>
          {words.resume}
        </Button>
      ) : (
        <Button door={door('pauseAccount')} onClick={() => void set('paused', true)}>
          {words.pause}
        </Button>
      )}
      <Confirm
        label={words.remove}
        kind="quiet"
        door={door('removeAccount')}
        title={words.removeTitle(account.name)}
        body={words.removeBody}
        verb={words.removeVerb}
        act={drop}
      />
    </div>
  );
}

function Health({ account }: { account: Account }) {
  const words = useWords(accountWords);
  return (
    <Section id="health" title={words.health} question={words.healthQuestion}>
      <div className="stack">
        <Facts
          facts={[
            [words.state, <AccountBreaker key="breaker" account={account} />],
            ...(account.health_reason === null
              ? []
              : [
                  [
                    words.said,
                    <p key="said" className="said">
                      {account.health_reason}
                    </p>,
                  ] as const,
                ]),
          ]}
        />
        <AccountTester account={account} />
      </div>
    </Section>
  );
}

function Webhook({ account, provider }: { account: Account; provider: ProviderInfo | undefined }) {
  const words = useWords(accountWords);
  const reports = provider?.capabilities.deliveryEvents !== false;
  return (
    <Section id="webhook" title={words.webhook} question={words.webhookQuestion}>
      {!reports ? (
        <p className="mute">{words.webhookNone}</p>
      ) : account.webhook_url === null || account.webhook_auth === null ? (
        <p className="mute">{words.webhookSecret}</p>
      ) : (
        <dl className="pairs">
          <dt>{words.address}</dt>
          <dd>
            <Copy text={account.webhook_url} what={words.address} />
          </dd>
          <dt>{words.user}</dt>
          <dd>
            <Copy text={account.webhook_auth.username} what={words.user} />
          </dd>
          <dt>{words.password}</dt>
          <dd>
            <Copy text={account.webhook_auth.password} what={words.password} />
          </dd>
        </dl>
      )}
    </Section>
  );
}
