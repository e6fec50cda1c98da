// This file is the resource of statistics: how many were accepted, delivered, refused and why, with rates, and the complaint rates by mailbox
// provider against the lines that receivers publish.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { makeStatistics, type StatisticsInput, type StatisticsRow, silentKinds } from '../../flows/statistics.ts';
import { ESTIMATE_DEFINITION, RATE_DEFINITIONS } from '../../reputation/rate-words.ts';
import { COMPLAINT_LINES, complaintVerdict } from '../../reputation/rates.ts';
import { requireScope } from '../../tenancy/principal.ts';
import { type App, listScope, principalOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { ClassFilter, FaultFilter, Id, MailboxProviderFilter, SearchTime, StreamName, TenantId, TimeOut } from '../schemas.ts';

const Share = z.number().nullable();
export const RateView = z
  .object({
    value: Share.meta({ description: '0 to 1; null: nothing is known yet.' }),
    low: Share.meta({ description: 'Lower bound, 90 % sure.' }),
    high: Share,
    n: z.number().meta({ description: 'Recipients it is measured on.' }),
    shrunk: Share.meta({ description: 'Pulled toward the rate of all organisations, the more the smaller n is.' }),
  })
  .meta({ id: 'Rate' });
const count = (description: string) => z.number().meta({ description });
const Row = z
  .object({
    key: z.string(),
    label: z.string(),
    accepted: z.number(),
    handed_over: count('Handed over, and no answer yet.'),
    delivered: z.number(),
    bounced: z.number(),
    failed: z.number(),
    expired: z.number(),
    suppressed: z.number(),
    cancelled: z.number(),
    under_way: count('Accepted, and nothing became of it yet.'),
    not_refused: count(
      'Of handed_over: on routes that never report deliveries, and not refused; of messages accepted five days ago or earlier.',
    ),
    unknown: count('Of handed_over: the rest.'),
    complained: z.number(),
    unsubscribed: z.number(),
    by_fault: z.record(z.string(), z.number()).meta({ description: 'Bounced, failed and expired by whose turn it is.' }),
    operator_failed: z
      .number()
      .nullable()
      .meta({ description: 'Failed by a fault of the operator; in none of the other counts. Null for organisations.' }),
    delivered_rate: RateView,
    not_refused_rate: RateView,
    bounce_rate: RateView,
    complaint_rate: RateView,
  })
  .meta({ id: 'StatisticsRow' });
const Range = { from: TimeOut, to: TimeOut };
const Statistics = z
  .object({
    ...Range,
    by: z.string().nullable(),
    total: Row,
    data: z.array(Row),
    more: count('Rows with the least mail that were left out.'),
    definitions: z.record(z.string(), z.string()).meta({ description: 'What each rate divides by what.' }),
  })
  .meta({ id: 'Statistics' });
const By = z.enum(['tenant', 'domain', 'stream', 'mailbox_provider', 'account', 'class', 'fault', 'hour', 'day']);
const Text = z.string().min(1).max(255);
const ComplaintRates = z
  .object({
    ...Range,
    lines: z.object({ good: z.number(), stop: z.number() }),
    data: z.array(
      z.object({
        mailbox_provider: z.string(),
        delivered: z.number(),
        complained: z.number(),
        rate: RateView,
        verdict: z.enum(['good', 'watch', 'stop', 'too-little']).meta({ description: 'too-little: too little mail to say.' }),
      }),
    ),
    definition: z.string(),
  })
  .meta({ id: 'ComplaintRates' });

const HOUR_MS = 3_600_000;
/** More hours than this have no room in an answer. */
const HOURS_MAX = 1_000;
const tags = ['Statistics'];

export function statisticsRoutes(app: App, deps: HttpDeps): void {
  const statistics = makeStatistics({ ...deps, silentProviders: silentKinds(deps.registry) });
  /** A foreign organisation looks like one that never wrote. */
  const read = (scope: Parameters<typeof statistics>[0] | undefined, input: StatisticsInput) =>
    scope === undefined ? statistics(NOBODY, input) : statistics(scope, input);

  app.route({
    method: 'GET',
    url: '/v1/statistics',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'getStatistics',
      summary: 'Count recipients by what became of them',
      description:
        'Recipients stand in the hour in which their message was accepted, wherever they are now: a late bounce moves one from delivered to bounced. "class" and "fault" narrow bounced, failed and expired only. Without times: the last 30 days. Hours older than two weeks are kept as days.',
      querystring: z.strictObject({
        tenant_id: TenantId,
        stream: StreamName.optional(),
        domain: Text.optional().meta({ description: 'Sending domain.' }),
        mailbox_provider: MailboxProviderFilter.optional(),
        account: Id.optional().meta({ description: 'For operators.' }),
        class: ClassFilter.optional(),
        fault: FaultFilter.optional(),
        from: SearchTime.optional(),
        to: SearchTime.optional(),
        by: By.optional().meta({ description: '"account" is for operators.' }),
        lang: Lang,
      }),
      response: { 200: Statistics },
    },
    handler: async (request) => {
      const { tenant_id: named, account: accountId, mailbox_provider: mailboxProvider, from, to, lang, ...rest } = request.query;
      if (rest.by === 'account' || accountId !== undefined) requireScope(principalOf(request), 'operator:read');
      const scope = listScope(request, named);
      const { fromMs, toMs, total, rows, more } = await read(scope, { ...rest, accountId, mailboxProvider, ...rangeOf(from, to, rest.by) });
      const language = languageOf(request, lang);
      const definitions = { ...RATE_DEFINITIONS[language], estimate: ESTIMATE_DEFINITION[language] };
      return { from: iso(fromMs), to: iso(toMs), by: rest.by ?? null, total, data: scope === undefined ? [] : rows, more, definitions };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/complaints/rates',
    config: { access: 'events:read' },
    schema: {
      tags,
      operationId: 'getComplaintRates',
      summary: 'Hold complaint rates against the lines of mailbox providers',
      description: 'Below 0.1 % all is well; 0.3 % is where mailbox providers stop taking mail. Without times: the last 30 days.',
      querystring: z.strictObject({ tenant_id: TenantId, from: SearchTime.optional(), to: SearchTime.optional(), lang: Lang }),
      response: { 200: ComplaintRates },
    },
    handler: async (request) => {
      const { tenant_id: named, from, to, lang } = request.query;
      const scope = listScope(request, named);
      const { fromMs, toMs, rows } = await read(scope, { by: 'mailbox_provider', ...rangeOf(from, to, undefined) });
      const data = scope === undefined ? [] : rows.map(complaintRow);
      const definition = RATE_DEFINITIONS[languageOf(request, lang)].complaint_rate;
      return { from: iso(fromMs), to: iso(toMs), lines: COMPLAINT_LINES, data, definition };
    },
  });
}

/** An organisation that does not exist. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

function complaintRow({ key, delivered, complained, complaint_rate: rate }: StatisticsRow) {
  return { mailbox_provider: key, delivered, complained, rate, verdict: complaintVerdict(rate) };
}

function rangeOf(from: string | undefined, to: string | undefined, by: string | undefined): { fromMs?: number; toMs?: number } {
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const toMs = to === undefined ? undefined : Date.parse(to);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new AppError('REQUEST_INVALID', 'from: It is not before "to".', { field: 'from' });
  }
  if (by === 'hour' && fromMs !== undefined && (toMs ?? Number.NaN) - fromMs > HOURS_MAX * HOUR_MS) {
    throw new AppError('REQUEST_INVALID', `by: There are more than ${HOURS_MAX} hours between "from" and "to".`, {
      field: 'by',
      hint: 'Ask by=day, or for a shorter time.',
    });
  }
  return { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
