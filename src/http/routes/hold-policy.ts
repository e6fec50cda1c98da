// This file is the resource of the hold policy: when which kind of failure puts an address on hold, and what another policy would have done.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import {
  checkHoldPolicy,
  DEFAULT_HOLD_POLICY,
  HOLD_DAYS_CAP,
  type HoldPolicy,
  type HoldRule,
  isHoldClass,
} from '../../feedback/hold-policy.ts';
import { dryRunHolds } from '../../flows/dry-run-holds.ts';
import { deleteHoldPolicy, findHoldPolicy, putHoldPolicy } from '../../store/hold-policies.ts';
import { inScope, type Queryable, type Scope } from '../../store/scope.ts';
import { findTenant } from '../../store/tenants.ts';
import { type App, found, objectScope } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { Empty, Id, ObjectQuery, TenantId, TimeOut } from '../schemas.ts';

const Rule = z
  .strictObject({
    classes: z
      .array(z.string().max(50))
      .max(50)
      .meta({ description: 'Classes of answers, and "unsubscribed"; a class stands in one rule.' }),
    failures: z.number().meta({ description: 'Failed mails that make a hold.' }),
    over_days: z.number().meta({ description: 'Days at least between the first and the last of them.' }),
    hold_days: z.number().nullable().meta({ description: 'Days of the first hold; null: for good.' }),
    streams: z.enum(['all', 'bulk']).meta({ description: '"bulk": what one person waits for still goes out.' }),
    doubles: z.boolean().meta({ description: `Every repeat without a delivery is twice as long, up to ${HOLD_DAYS_CAP} days.` }),
  })
  .meta({ id: 'HoldRule' });
const Policy = z
  .object({
    tenant_id: Id.nullable().meta({ description: "Null: the platform's." }),
    inherited: z.boolean().meta({ description: 'Nothing is set here: the policy above counts.' }),
    rules: z.array(Rule),
    cap_days: z.number(),
  })
  .meta({ id: 'HoldPolicy' });
const DryRunAnswer = z
  .object({
    held: z.number().meta({ description: 'Addresses that would have been on hold.' }),
    of_addresses: z.number().meta({ description: 'Addresses that anything was heard about.' }),
    later_delivered: z.number().meta({ description: 'Of the held ones: took mail after the hold would have begun.' }),
    by_class: z.array(z.object({ class: z.string(), held: z.number(), later_delivered: z.number() })),
    examples: z.array(
      z.object({
        tenant_id: Id,
        address: z.string(),
        class: z.string(),
        held_at: TimeOut,
        expires_at: TimeOut.nullable(),
        evidence: z.string().nullable(),
        later_delivered_at: TimeOut.nullable(),
      }),
    ),
    days: z.number(),
    events_read: z.number(),
    sampled: z.boolean().meta({ description: 'Only the newest events were read, back to read_since.' }),
    read_since: TimeOut.nullable(),
  })
  .meta({ id: 'HoldDryRun' });
/** As far back as events are usually kept. */
const DAYS_MAX = 400;
const DAYS_DEFAULT = 90;
const tags = ['Suppressions'];

export function holdPolicyRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/hold-policy',
    config: { access: 'suppressions:read' },
    schema: {
      tags,
      operationId: 'getHoldPolicy',
      summary: 'Show when an address goes on hold',
      description: 'Of an organisation, or (for operators who name none) of the platform.',
      querystring: ObjectQuery,
      response: { 200: Policy },
    },
    handler: async (request) => {
      const scope = objectScope(request, request.query.tenant_id);
      return inScope(deps.pool, scope, (db) => shown(db, scope));
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/hold-policy',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'putHoldPolicy',
      summary: 'Set when an address goes on hold',
      description:
        'For one organisation or for the platform. Holds that stand stay; what is heard from now on is judged by the new rules, within seconds on every node. A rule about a fault that is not the address’s is refused.',
      body: z.strictObject({ tenant_id: TenantId, rules: z.array(Rule) }),
      response: { 200: Policy },
    },
    handler: async (request) => {
      const scope = await existing(deps, request.body.tenant_id ?? null);
      const { rules } = checked(request.body.rules);
      return change(deps, request, null, {
        work: async (db) => {
          await putHoldPolicy(db, scope, rules);
          return shown(db, scope);
        },
        describe: (policy) => ({
          tenantId: scope,
          action: 'hold-policy.put',
          subject: scope ?? 'platform',
          detail: { rules: policy.rules },
        }),
      });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/hold-policy',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'deleteHoldPolicy',
      summary: 'Go back to the inherited policy',
      querystring: ObjectQuery,
      response: { 204: Empty },
    },
    handler: async (request, reply) => {
      const scope = await existing(deps, request.query.tenant_id ?? null);
      await change(deps, request, null, {
        work: (db) => deleteHoldPolicy(db, scope),
        describe: (gone) => (gone ? { tenantId: scope, action: 'hold-policy.delete', subject: scope ?? 'platform' } : null),
      });
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/hold-policy/dry-run',
    config: { access: 'suppressions:read' },
    schema: {
      tags,
      operationId: 'dryRunHoldPolicy',
      summary: 'See what a policy would have done',
      description: 'Judges what really happened by the given rules, or by those that count now; nothing is changed.',
      body: z
        .strictObject({
          tenant_id: TenantId,
          rules: z.array(Rule).optional(),
          days: z.number().int().min(1).max(DAYS_MAX).default(DAYS_DEFAULT),
        })
        .nullish(),
      response: { 200: DryRunAnswer },
    },
    handler: async (request) => {
      const { tenant_id: named, rules, days = DAYS_DEFAULT } = request.body ?? {};
      const scope = objectScope(request, named);
      const policy = rules ? checked(rules) : null;
      return inScope(deps.pool, scope, async (db) => {
        const counting = policy ?? { rules: (await findHoldPolicy(db, scope))?.rules ?? DEFAULT_HOLD_POLICY.rules };
        return dryRunHolds(db, scope, { policy: counting, days, nowMs: deps.clock.nowMs() });
      });
    },
  });
}

/** The tenant's id after a look that it is there; null stays the platform. */
async function existing(deps: HttpDeps, tenantId: Scope): Promise<Scope> {
  return tenantId === null ? null : found(await findTenant(deps.pool, tenantId, tenantId)).id;
}

async function shown(db: Queryable, scope: Scope): Promise<z.infer<typeof Policy>> {
  const stored = await findHoldPolicy(db, scope);
  const rules = stored?.rules ?? DEFAULT_HOLD_POLICY.rules;
  return { tenant_id: scope, inherited: stored === null || stored.tenantId !== scope, rules: rules.map(viewOf), cap_days: HOLD_DAYS_CAP };
}

function viewOf({ classes, failures, overDays, holdDays, streams, doubles }: HoldRule): z.infer<typeof Rule> {
  return { classes: [...classes], failures, over_days: overDays, hold_days: holdDays, streams, doubles };
}

/** The rules as a policy. Throws REQUEST_INVALID naming the rule. */
function checked(given: readonly z.infer<typeof Rule>[]): HoldPolicy {
  const rules = given.map(({ classes, failures, over_days: overDays, hold_days: holdDays, streams, doubles }, index): HoldRule => {
    const known = classes.filter(isHoldClass);
    const unknown = classes.find((name) => !isHoldClass(name));
    if (unknown !== undefined) throw invalid(`rules[${index}]`, `There is no class "${unknown}".`);
    return { classes: known, failures, overDays, holdDays, streams, doubles };
  });
  const answer = checkHoldPolicy(rules);
  if (!answer.ok) throw invalid(answer.field, answer.sentence);
  return answer.policy;
}

function invalid(field: string, sentence: string): AppError {
  return new AppError('REQUEST_INVALID', sentence, { field, hint: 'GET /v1/hold-policy shows the rules that count now, in this form.' });
}
