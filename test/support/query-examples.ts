// This file runs, once per shape it can take, every query of the store whose text is put together at run time: lists with filters, mostly.
// A new one of these needs a line here; src/store/queries.test.ts says so when it is missing. Every line runs for one tenant and for an
// operator, and names all filters its list has, because each is a piece of SQL of its own.
import type pg from 'pg';
import { systemClock } from '../../src/clock.ts';
import { idMint } from '../../src/ids.ts';
import { ANSWER_TYPES, type AnswerSearch, countAnswers, listAnswers } from '../../src/store/answers-read.ts';
import { listAudit } from '../../src/store/audit.ts';
import { compactRollups, dropOldRollups } from '../../src/store/compact-rollups.ts';
import { findCredential, listCredentials, rotateCredential, updateCredential } from '../../src/store/credentials.ts';
import { listDkimKeys, lockKeyedDomain, vouchForKey } from '../../src/store/dkim-keys.ts';
import { askForLook, lockDomain } from '../../src/store/domain-checks.ts';
import { findDomainReport, listDomainReports } from '../../src/store/domain-report-lists.ts';
import { deleteDomain, findDomain, listDomains, updateDomain } from '../../src/store/domains.ts';
import { readLogPage } from '../../src/store/event-consumers.ts';
import { readEventsOfMessage } from '../../src/store/events-read.ts';
import { listHeld } from '../../src/store/held-counts.ts';
import {
  forgetSettled,
  heldKinds,
  heldOfKind,
  heldRecipients,
  heldTooLong,
  lockHeld,
  moveHeld,
  noteHeld,
  renameHeld,
} from '../../src/store/held-messages.ts';
import { withoutPlatformNames } from '../../src/store/hidden-names.ts';
import { readHoldHistory } from '../../src/store/hold-history.ts';
import { findInboundMail, listInboundMails, readInboundRaw, replayInboundMail } from '../../src/store/inbound-mails.ts';
import { acknowledgeIncident, closeIncident, countOpenIncidents, findIncident, listIncidents } from '../../src/store/incident-lists.ts';
import { makeKeys } from '../../src/store/keys.ts';
import { listListEntries, whoseAddresses } from '../../src/store/list-entries.ts';
import { countMailboxes, failingMailboxes } from '../../src/store/mailbox-health.ts';
import { listMailboxes } from '../../src/store/mailboxes.ts';
import { findMessageId, findRecipient, readMessage, readSource } from '../../src/store/message-detail.ts';
import { countFoundRecipients, countMessages, searchMessages, searchRecipients } from '../../src/store/message-search.ts';
import { listOperators } from '../../src/store/operators.ts';
import { answerSeconds, countStates, countTroubles, oldestWaiting, readMinuteFlow } from '../../src/store/overview.ts';
import { dropOldWeeks, ensurePartitions } from '../../src/store/partitions.ts';
import { listProviderAccounts } from '../../src/store/provider-accounts.ts';
import { forgetRemoval, listRemovals, readAccountsOfDomain, readDueRemoval } from '../../src/store/provider-domain-removals.ts';
import { listProviderDomains, readProviderDomain } from '../../src/store/provider-domains.ts';
import { acceptReport } from '../../src/store/report-release.ts';
import { addRollups, NO_ACCOUNT } from '../../src/store/rollups.ts';
import { haveHadMail } from '../../src/store/routing-table.ts';
import { type Scope, withOwner, withTenant } from '../../src/store/scope.ts';
import { deleteSender, findSender, listSenders, updateSender } from '../../src/store/senders.ts';
import { DIMENSIONS, type Dimension, readClassCounts, readCounts } from '../../src/store/statistics.ts';
import { replaceSecrets } from '../../src/store/stored-secrets.ts';
import { sumDays, sumMonths } from '../../src/store/sum-rollups.ts';
import { readSummedTime, sumsFor } from '../../src/store/summed-time.ts';
import { countSuppressions, findByPrefix, listSuppressions, standingAmong } from '../../src/store/suppression-lists.ts';
import { createSuppressions, deleteSuppression, findSuppression, findSuppressionsOf } from '../../src/store/suppressions.ts';
import { listTenants } from '../../src/store/tenants.ts';
import {
  deleteWebhookEndpoint,
  findWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  reviveDeliveries,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from '../../src/store/webhook-endpoints.ts';
import { makeInboundStore, makeWebhookStore } from '../../src/store/webhook-intake.ts';

export interface QueryWorld {
  readonly pool: pg.Pool;
  /** A tenant and a provider account that exist. */
  readonly tenantId: string;
  readonly accountId: string;
  /** The tenant, or null for an operator. */
  readonly scope: Scope;
}

type QueryExample = (world: QueryWorld) => Promise<unknown>;

const ids = idMint(systemClock);
const id = ids.next();
const keys = makeKeys(Buffer.alloc(32, 7));
const NOW_MS = Date.now();
const DAY_MS = 86_400_000;
const LONG_AGO_MS = Date.UTC(2001, 0, 1);

const QUESTION = { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS, by: null, silentAccounts: [id], settledBeforeMs: NOW_MS };
/** A day from sums, between what is read from the rollups. */
const summedFrom = (by: Dimension | null, domain?: string) => {
  const day = { fromMs: LONG_AGO_MS, toMs: LONG_AGO_MS + DAY_MS };
  return { from: sumsFor({ by, domain }) ?? 'months', summed: [day], rest: [{ fromMs: day.toMs, toMs: NOW_MS }] };
};
const NARROW = { stream: 'bulk', domain: 'club.test', mailboxProvider: 'other', accountId: id } as const;
const ANSWERS: readonly AnswerSearch[] = [
  { types: ANSWER_TYPES, before: null, limit: 5 },
  { types: ANSWER_TYPES, before: id, limit: 5, address: 'member@mailbox.test' },
  {
    types: ['complained'],
    before: id,
    limit: 5,
    ...NARROW,
    class: 'complaint',
    fault: 'none',
    hard: true,
    fromMs: NOW_MS - DAY_MS,
    toMs: NOW_MS,
  },
  { types: ['bounced'], before: null, limit: 5, ...NARROW, address: 'member@mailbox.test', fault: 'operator' },
];

const SECRET_KINDS = [
  ...(['provider-secret', 'provider-webhook-password', 'mailbox-secret', 'access-token', 'webhook-secret'] as const),
  ...(['dkim-key', 'rewriting-key', 'system-mail'] as const),
] as const;

/** What asks many ways: each filter alone and all together, because each adds SQL of its own. */
const SEARCHES = [
  {},
  { id },
  { address: 'member@mailbox.test' },
  { address: 'member@mailbox.test', state: 'queued' },
  { subject: 'Regatta' },
  { state: 'queued' },
  { stream: 'bulk' },
  { sender: 'club.test' },
  { waitsFor: ['', 'key-revoked'] },
  { waitsFor: ['free-mailbox'], sender: 'maria@gmail.com', stream: 'bulk', subject: 'Regatta' },
  { waitsFor: 'anything' },
  { id, waitsFor: ['rewriting-cap'], fromMs: NOW_MS - DAY_MS, toMs: NOW_MS },
  { id, address: 'member@mailbox.test', subject: 'Regatta', state: 'queued', stream: 'bulk', fromMs: NOW_MS - DAY_MS, toMs: NOW_MS },
] as const;

export const QUERY_EXAMPLES: readonly QueryExample[] = [
  ...SECRET_KINDS.map(
    (kind): QueryExample =>
      ({ pool }) => {
        const secret = { kind, id, tenantId: null, name: 'nothing', sealed: Buffer.alloc(40, 1) };
        return replaceSecrets(pool, [{ secret, sealed: Buffer.alloc(40, 1) }]);
      },
  ),
  ({ pool, scope }) => listAudit(pool, scope, { before: id, limit: 5, subject: id }),
  ({ pool }) => haveHadMail(pool, [id]),
  ({ pool, scope }) => findCredential(pool, scope, id),
  ({ pool, scope }) => rotateCredential(pool, scope, keys, { id, graceSeconds: 60 }),
  ({ pool, scope }) => listCredentials(pool, scope, { after: id, limit: 5, state: 'active', kind: 'smtp' }),
  ({ pool, scope }) => listCredentials(pool, scope, { after: null, limit: 5 }),
  ({ pool, scope }) =>
    updateCredential(pool, scope, { id, name: 'office', state: 'suspended', ratePerMinute: null, defaultStream: 'bulk' }),
  ({ pool, scope }) => findDomain(pool, scope, id),
  ({ pool, scope }) => listDomains(pool, scope, { after: id, limit: 5, name: 'club.test', state: 'broken' }),
  ({ pool, scope }) => updateDomain(pool, scope, { id, authenticated: true, state: 'broken' }),
  ({ pool, scope }) => deleteDomain(pool, scope, id),
  ({ pool }) => listProviderDomains(pool, null, id),
  ({ pool, scope }) => readProviderDomain(pool, scope, { domainId: id, id }),
  ({ pool, scope }) => readAccountsOfDomain(pool, scope, id),
  ({ pool, scope }) => listRemovals(pool, scope, { before: id, limit: 5, id, state: 'due', domain: 'club.test' }),
  ({ pool, scope }) => readDueRemoval(pool, scope, id),
  ({ pool, scope }) => forgetRemoval(pool, scope, id),
  ({ pool, scope }) => listDkimKeys(pool, scope, id),
  ({ pool, scope }) => lockKeyedDomain(pool, scope, id),
  ({ pool, scope }) => vouchForKey(pool, scope, id),
  ({ pool, scope }) => askForLook(pool, scope, { id, gapS: 10 }),
  ({ pool, tenantId }) => lockDomain(pool, tenantId, id),
  ({ pool }) => readLogPage(pool, { after: { txid: '0', id }, upTo: null, types: ['delivered'], limit: 5 }),
  ({ pool, tenantId }) => readEventsOfMessage(pool, tenantId, id, 5),
  ({ pool, tenantId }) => withoutPlatformNames({ pool }, tenantId, [{ id, data: { by: 'person:ole@platform.example' } }]),
  ({ pool, tenantId }) => {
    const key = { tenantId, hourMs: NOW_MS, stream: 'bulk', domain: 'club.test', mailboxProvider: 'other', accountId: NO_ACCOUNT } as const;
    return addRollups(pool, [{ ...key, counts: { bounced: 1 } }], [{ ...key, measure: 'bounced', class: 'policy', recipients: 1 }]);
  },
  ...ANSWERS.map(
    (search): QueryExample =>
      ({ pool, scope }) =>
        listAnswers(pool, scope, search),
  ),
  ...[null, ...DIMENSIONS].flatMap((by: Dimension | null): QueryExample[] => [
    ({ pool, scope }) => readCounts(pool, scope, { ...QUESTION, by }),
    ({ pool, scope }) => readClassCounts(pool, scope, { ...QUESTION, ...NARROW, by }),
    ({ pool }) => readCounts(pool, null, { ...QUESTION, by, summed: summedFrom(by) }),
    ({ pool }) => readClassCounts(pool, null, { ...QUESTION, by, summed: summedFrom(by) }),
  ]),
  ({ pool }) => readCounts(pool, null, { ...QUESTION, by: 'day', domain: 'club.test', summed: summedFrom('day', 'club.test') }),
  ({ pool }) => readClassCounts(pool, null, { ...QUESTION, by: 'day', domain: 'club.test', summed: summedFrom('day', 'club.test') }),
  ({ pool }) => readSummedTime(pool, { ...QUESTION, by: null, domain: undefined }),
  ({ pool }) => readSummedTime(pool, { ...QUESTION, by: 'tenant' }),
  async ({ pool, tenantId }) => {
    const key = { tenantId, stream: 'bulk', domain: 'club.test', mailboxProvider: 'other', accountId: NO_ACCOUNT } as const;
    await addRollups(pool, [{ ...key, hourMs: LONG_AGO_MS + 3_600_000, counts: { bounced: 1 } }], []);
    await compactRollups(pool, LONG_AGO_MS + DAY_MS);
    await sumDays(pool, LONG_AGO_MS + DAY_MS);
    await sumMonths(pool, LONG_AGO_MS + 62 * DAY_MS);
    await dropOldRollups(pool, LONG_AGO_MS);
  },
  ({ pool, scope }) => readMessage(pool, scope, id),
  ({ pool, scope }) => findMessageId(pool, scope, id),
  ({ pool, scope }) => findRecipient(pool, scope, id),
  ({ pool, scope }) => readSource(pool, scope, id),
  ...SEARCHES.flatMap((search): QueryExample[] => [
    ({ pool, scope }) => searchMessages(pool, scope, { ...search, limit: 5, before: null }),
    ({ pool, scope }) => searchMessages(pool, scope, { ...search, limit: 5, before: id }),
    ({ pool, scope }) => searchRecipients(pool, scope, { ...search, limit: 5, before: null }),
    ({ pool, scope }) => searchRecipients(pool, scope, { ...search, limit: 5, before: { messageId: id, recipientId: id } }),
  ]),
  ({ pool, scope }) => readMinuteFlow(pool, scope, { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS }),
  ({ pool, scope }) => countStates(pool, scope, NOW_MS - DAY_MS),
  ({ pool, scope }) => oldestWaiting(pool, scope),
  ({ pool, scope }) => answerSeconds(pool, scope, NOW_MS - DAY_MS),
  ({ pool, scope }) => countTroubles(pool, scope),
  ...(['recorded', 'waiting'] as const).map(
    (outcome): QueryExample =>
      ({ pool, scope }) =>
        listInboundMails(pool, scope, {
          ...{ before: id, limit: 5, kind: 'bounce', class: 'mailbox-full', outcome },
          ...{ mailboxId: id, recipientId: id, messageId: id, fromId: id, belowId: id },
        }),
  ),
  ({ pool, scope }) => findInboundMail(pool, scope, id),
  ({ pool, scope }) => readInboundRaw(pool, scope, id),
  ({ pool, scope }) => replayInboundMail(pool, scope, id),
  ({ pool, scope }) => listIncidents(pool, scope, { before: id, limit: 5, state: 'open', kind: 'ip-blocked' }),
  ({ pool, scope }) => listIncidents(pool, scope, { before: null, limit: 5 }),
  ({ pool, scope }) => findIncident(pool, scope, id),
  ({ pool, scope }) => acknowledgeIncident(pool, scope, id, 'person:somebody'),
  ({ pool, scope }) => closeIncident(pool, scope, id, { who: 'person:somebody', why: null }),
  ({ pool, scope }) => countOpenIncidents(pool, scope),
  ({ pool }) => listMailboxes(pool, { after: id, limit: 5 }),
  ({ pool }) => countMailboxes(pool),
  ({ pool }) => failingMailboxes(pool, { forS: 60, limit: 5 }),
  ({ pool, scope }) => withOwner(pool, (db) => acceptReport(db, scope, id)),
  ({ pool, scope }) => findDomainReport(pool, scope, id),
  ({ pool, scope }) => listDomainReports(pool, scope, { before: null, limit: 5 }),
  ({ pool, scope }) =>
    listDomainReports(pool, scope, {
      ...{ before: id, limit: 5, domain: 'club.test', kind: 'aggregate', state: 'forged' },
      ...{ from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    }),
  ({ pool, scope }) => listOperators(pool, scope, { after: id, limit: 5 }),
  ({ pool }) => listProviderAccounts(pool, { after: id, limit: 5 }),
  ({ pool, accountId }) => withOwner(pool, (db) => whoseAddresses(db, accountId, ['member@mailbox.test'])),
  ({ pool, accountId }) =>
    listListEntries(pool, accountId, { after: { address: 'a', stream: '' }, limit: 5, address: 'member@mailbox.test', verdict: 'hold' }),
  ({ pool, accountId }) => listListEntries(pool, accountId, { after: null, limit: 5 }),
  ({ pool, scope }) => listSenders(pool, scope, { after: id, limit: 5 }),
  ({ pool, scope }) => findSender(pool, scope, id),
  ({ pool, scope }) => updateSender(pool, scope, { id, verified: true }),
  ({ pool, scope }) => deleteSender(pool, scope, id),
  ({ pool, scope }) =>
    listSuppressions(pool, scope, {
      before: id,
      limit: 5,
      address: 'member@mailbox.test',
      reason: 'complaint',
      source: 'host',
      stream: 'bulk',
      expired: true,
    }),
  ({ pool, scope }) => listSuppressions(pool, scope, { before: null, limit: 5 }),
  ({ pool, scope }) => findSuppression(pool, scope, id),
  ({ pool, scope }) => deleteSuppression(pool, scope, id),
  ({ pool, tenantId }) => findSuppressionsOf(pool, tenantId, { address: 'member@mailbox.test', stream: 'bulk' }),
  ({ pool, scope, tenantId }) =>
    findByPrefix(pool, scope, {
      prefix: 'm',
      after: { address: 'm', tenantId, stream: '' },
      limit: 5,
      reason: 'complaint',
      source: 'host',
      stream: 'bulk',
      expired: true,
    }),
  ({ pool, scope }) => findByPrefix(pool, scope, { prefix: '', after: null, limit: 5 }),
  ({ pool, scope }) => countSuppressions(pool, scope, { prefix: 'm', source: 'host', expired: true }),
  ({ pool, scope }) => countSuppressions(pool, scope, { address: 'member@mailbox.test', reason: 'complaint', stream: 'bulk' }),
  ({ pool, scope }) => countAnswers(pool, scope, { types: ['bounced'], domain: 'club.test', fault: 'recipient', hard: true }),
  ({ pool, scope }) => countAnswers(pool, scope, { types: ['complained'], address: 'member@mailbox.test' }),
  ({ pool, scope }) => countMessages(pool, scope, { limit: 1, subject: 'x', state: 'queued' }),
  ({ pool, scope }) => countMessages(pool, scope, { limit: 1, address: 'member@mailbox.test' }),
  ({ pool, scope }) => countMessages(pool, scope, { limit: 1, waitsFor: ['sender-not-allowed'], sender: 'maria@club.test' }),
  ({ pool, scope }) => countFoundRecipients(pool, scope, { limit: 1, address: 'member@mailbox.test', state: 'queued' }),
  ({ pool, scope }) => countFoundRecipients(pool, scope, { limit: 1 }),
  ({ pool, tenantId }) =>
    standingAmong(pool, tenantId, [{ address: 'member@mailbox.test', stream: null, expiresAtMs: null, reason: 'manual' }]),
  ({ pool, tenantId }) => createSuppressions(pool, tenantId, []),
  ({ pool, scope }) => readHoldHistory(pool, scope, id),
  ({ pool, scope }) => listTenants(pool, scope, { after: id, limit: 5, name: 'Rowing', state: 'active' }),
  ({ pool, scope }) => findWebhookEndpoint(pool, scope, id),
  ({ pool, scope }) => listWebhookEndpoints(pool, scope, { after: id, limit: 5 }),
  ({ pool, scope }) => updateWebhookEndpoint(pool, scope, { id, url: 'https://club.test/hook', types: ['delivered'], state: 'paused' }),
  ({ pool, scope }) => rotateWebhookSecret(pool, scope, keys, id),
  ({ pool, scope }) => deleteWebhookEndpoint(pool, scope, id),
  ...(['due', 'dead'] as const).map(
    (state): QueryExample =>
      ({ pool, tenantId }) =>
        listWebhookDeliveries(pool, tenantId, { endpointId: id, state, before: id, limit: 5 }),
  ),
  ({ pool, tenantId }) => reviveDeliveries(pool, tenantId, { endpointId: id, deliveries: [id] }),
  ({ pool, tenantId }) => reviveDeliveries(pool, tenantId, { endpointId: id, deliveries: null }),
  ({ pool, accountId }) =>
    makeWebhookStore(pool).submit({ id: ids.next(), accountId, method: 'POST', url: '/', headers: {}, body: Buffer.from('[]') }),
  ({ pool }) =>
    makeInboundStore(pool).submit({
      id: ids.next(),
      tenantId: null,
      recipientId: null,
      mailFrom: '',
      rcptTo: '',
      remoteAddress: '',
      raw: Buffer.from('.'),
    }),
  ({ pool }) => noteHeld(pool, [id]),
  ({ pool, scope }) => listHeld(pool, scope, { after: null, limit: 5 }),
  ({ pool, scope }) =>
    listHeld(pool, scope, { after: { tenantId: id, from: 'a@club.test', stream: 'bulk', code: 'no-account' }, limit: 5 }),
  ({ pool }) => heldKinds(pool, null, 5),
  ({ pool, tenantId }) => heldOfKind(pool, { tenantId, fromAddress: 'a@club.test', stream: 'bulk', code: 'no-account' }, 5),
  ({ pool }) => heldTooLong(pool, { stream: 'bulk', oldestMs: LONG_AGO_MS, limit: 5 }),
  ({ pool }) => heldRecipients(pool, [{ messageId: id, lastRecipientId: id }]),
  ({ pool }) => lockHeld(pool, [id]),
  ({ pool }) =>
    moveHeld(pool, [
      { id, state: 'queued', dueAtMs: LONG_AGO_MS, laneId: 1, reason: null, decisionId: id, event: { id, type: 'released', data: {} } },
    ]),
  ({ pool }) => renameHeld(pool, [{ messageId: id, code: 'no-account', lookAtMs: LONG_AGO_MS }]),
  ({ pool }) => forgetSettled(pool, [id]),
  // A week long ago is made and dropped again.
  ({ pool }) => ensurePartitions(pool, LONG_AGO_MS).then(() => dropOldWeeks(pool, LONG_AGO_MS + 365 * DAY_MS)),
  ({ pool, tenantId }) => withTenant(pool, tenantId, async (db) => db.query('select 1')),
];
