// This file is the first page of the console as numbers: is mail moving, is anything late or lost, what needs a person.
import { z } from 'zod';
import { RECIPIENT_STATES } from '../../delivery/states.ts';
import { makeOverview } from '../../flows/overview.ts';
import { makeStatistics, silentKinds } from '../../flows/statistics.ts';
import { findTenant } from '../../store/tenants.ts';
import { type App, found, listScope, notFound, principalOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { Id, StateName, StreamName, TenantId, TimeOut } from '../schemas.ts';
import { RateView } from './statistics.ts';

const Seconds = z.number().nullable().meta({ description: 'Seconds; null: nothing waits.' });
const DefinedRate = RateView.extend({ definition: z.string() });
const Overview = z
  .object({
    now: TimeOut,
    taken_in_last_minute: z.number(),
    handed_over_last_minute: z.number(),
    oldest_waiting: z.object({ transactional_s: Seconds, bulk_s: Seconds }),
    ledger: z.object({ difference: z.number().nullable(), checked_at: TimeOut.nullable() }),
    flow: z.array(z.object({ minute: TimeOut, transactional: z.number(), bulk: z.number(), handed_over: z.number() })),
    last_24h: z.object({
      as_of: TimeOut,
      messages: z.number(),
      recipients: z.number(),
      states: z.record(StateName, z.number()),
      delivered_rate: DefinedRate.meta({ description: 'Of what was accepted in the last 24 whole hours.' }),
      not_refused_rate: DefinedRate,
      answer_seconds: z.object({ median: z.number().nullable(), p99: z.number().nullable(), n: z.number() }),
    }),
    needs_person: z.array(z.object({ kind: z.string(), title: z.string(), text: z.string(), href: z.string(), since: TimeOut.nullable() })),
    accounts: z.array(
      z.object({
        id: Id,
        name: z.string(),
        provider: z.string(),
        state: z.string(),
        simulated: z.boolean(),
        health: z.string(),
        health_reason: z.string().nullable(),
        health_until: TimeOut.nullable(),
      }),
    ),
    simulator: z.boolean().meta({ description: 'Mail goes to the simulator on this machine, not to people.' }),
    bootstrap_done: z.boolean(),
    default_stream: StreamName,
  })
  .meta({ id: 'Overview' });

export function overviewRoutes(app: App, deps: HttpDeps): void {
  const overview = makeOverview({ ...deps, statistics: makeStatistics({ ...deps, silentProviders: silentKinds(deps.registry) }) });

  app.route({
    method: 'GET',
    url: '/v1/overview',
    config: { access: 'messages:read' },
    schema: {
      tags: ['Desk'],
      operationId: 'getOverview',
      summary: 'Is mail moving?',
      querystring: z.strictObject({ tenant_id: TenantId, lang: Lang }),
      response: { 200: Overview },
    },
    handler: async (request) => {
      const scope = listScope(request, request.query.tenant_id);
      if (scope === undefined) throw notFound();
      if (scope !== null && principalOf(request).kind === 'operator') found(await findTenant(deps.pool, null, scope));
      const { states, ...view } = await overview(scope, languageOf(request, request.query.lang));
      const all = Object.fromEntries(RECIPIENT_STATES.map((state) => [state, states[state] ?? 0]));
      // Every state is named by the line above.
      const complete = all as Record<(typeof RECIPIENT_STATES)[number], number>;
      return {
        ...view,
        last_24h: { ...view.last_24h, states: complete },
        accounts: scope === null ? view.accounts : [],
        default_stream: principalOf(request).defaultStream,
      };
    },
  });
}
