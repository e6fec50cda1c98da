import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { paths } from './paths.ts';

/** The map of the console. A path that changes breaks addresses that people kept; change it on purpose. */
const MAP: readonly (readonly [made: string, expected: string])[] = [
  [paths.signIn(), '/sign-in'],
  [paths.signIn('/tenants?state=suspended'), '/sign-in?back=%2Ftenants%3Fstate%3Dsuspended'],
  [paths.home(), '/'],
  [paths.home('attn'), '/#attn'],
  [paths.messages(), '/messages'],
  [paths.messages({ address: 'a+b@x.test', state: 'held', after: '' }), '/messages?address=a%2Bb%40x.test&state=held'],
  [paths.message('m1'), '/messages/m1'],
  [paths.message('m1', { view: 'source', recipient: 'r1' }), '/messages/m1?view=source#r1'],
  [paths.message('../x'), '/messages/..%2Fx'],
  [paths.inbound({ kind: 'bounce', mailbox: 'b1' }), '/inbound?kind=bounce&mailbox=b1'],
  [paths.inboundMail('i1', 'source'), '/inbound/i1?view=source'],
  [paths.mailboxes(), '/inbound/mailboxes'],
  [paths.mailbox('b/1'), '/inbound/mailboxes/b%2F1'],
  [paths.newMailbox(), '/inbound/mailboxes/new'],
  [paths.accountList('a1', { verdict: 'ours' }), '/accounts/a1/list?verdict=ours'],
  [paths.domains({ state: 'broken' }), '/domains?state=broken'],
  [paths.domain('d1'), '/domains/d1'],
  [paths.senders('t1'), '/senders?tenant=t1'],
  [paths.reports({ state: 'forged' }), '/reports?state=forged'],
  [paths.report('r1'), '/reports/received/r1'],
  [paths.domainReports('d1', '90d'), '/reports/d1?time=90d'],
  [paths.accounts(), '/accounts'],
  [paths.accounts({ sort: '-name' }), '/accounts?sort=-name'],
  [paths.account('a1'), '/accounts/a1'],
  [paths.newAccount('smtp'), '/accounts/new?provider=smtp'],
  [paths.tenants(), '/tenants'],
  [paths.tenants({ state: 'suspended' }), '/tenants?state=suspended'],
  [paths.tenant('t1'), '/tenants/t1'],
  [paths.tenant('t1', 'domains'), '/tenants/t1#domains'],
  [paths.newTenant(), '/tenants/new'],
  [paths.credentials({ tenant: 't1', kind: 'smtp' }), '/credentials?tenant=t1&kind=smtp'],
  [paths.newCredential('t1'), '/credentials/new?tenant=t1'],
  [paths.developers(), '/developers'],
  [paths.desk(), '/desk'],
];

describe('the map of the console', () => {
  for (const [made, expected] of MAP) it(expected, () => assert.equal(made, expected));
});
