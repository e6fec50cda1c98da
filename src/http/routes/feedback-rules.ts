// This file is the resource of the operator's own rules: what this platform knows about answers it meets, asked before ours, on every node at once.
import { z } from 'zod';
import { explainReply } from '../../feedback/classify.ts';
import { compileOwnRules, type OwnRule, type OwnRules } from '../../feedback/own-rules.ts';
import { readOwnRules, writeOwnRules } from '../../flows/own-rules.ts';
import type { App } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { OwnRuleShape, OwnRulesShape, SAMPLE_CHARS_MAX } from '../own-rules-shape.ts';
import { TimeOut } from '../schemas.ts';

const REPLIES_MAX = 200;

const RulesView = z.object({ rules: z.array(OwnRuleShape), updated_at: TimeOut.nullable() }).meta({ id: 'FeedbackRules' });
const TestView = z.object({
  data: z.array(
    z.object({
      reply: z.string(),
      class: z.string(),
      fault: z.string().nullable(),
      suppress: z.boolean(),
      rule: z.string(),
      was: z.object({ class: z.string(), rule: z.string() }).meta({ description: 'What our own rules alone say.' }),
    }),
  ),
});
const tags = ['Feedback'];

export function feedbackRuleRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/feedback/rules',
    config: { access: 'operator:read' },
    schema: { tags, operationId: 'getFeedbackRules', summary: 'Show the platform’s own rules for answers', response: { 200: RulesView } },
    handler: async () => {
      const stored = await readOwnRules(deps.pool);
      return viewOf(stored?.rules ?? [], stored?.updatedAtMs ?? null);
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/feedback/rules',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'putFeedbackRules',
      summary: 'Replace the platform’s own rules for answers',
      description:
        'The first rule that fits decides, before any of ours. All nodes know the new rules within seconds; nothing is restarted.',
      body: z.strictObject({ rules: OwnRulesShape }),
      response: { 200: RulesView },
    },
    handler: async (request) => {
      const { rules } = compileOwnRules(request.body.rules);
      const updatedAtMs = deps.clock.nowMs();
      await change(deps, request, null, {
        work: (db) => writeOwnRules(db, { rules, updatedAtMs }),
        describe: () => ({
          tenantId: null,
          action: 'feedback-rules.put',
          subject: 'feedback-rules',
          detail: { rules: rules.map(({ id }) => id) },
        }),
      });
      await deps.ownRules.changed();
      return viewOf(rules, updatedAtMs);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/feedback/rules/test',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'testFeedbackRules',
      summary: 'Check rules without storing them, and see what they make of answers',
      body: z.strictObject({
        rules: OwnRulesShape.optional().meta({ description: 'Absent: the rules that stand.' }),
        replies: z.array(z.string().min(1).max(SAMPLE_CHARS_MAX)).max(REPLIES_MAX).default([]),
      }),
      response: { 200: TestView },
    },
    handler: async (request) => {
      const own = request.body.rules === undefined ? deps.ownRules.current() : compileOwnRules(request.body.rules);
      return { data: request.body.replies.map((reply) => tested(reply, own)) };
    },
  });
}

function viewOf(rules: readonly OwnRule[], updatedAtMs: number | null): z.infer<typeof RulesView> {
  const shown = rules.map((rule) => ({
    ...rule,
    patterns: [...rule.patterns],
    codes: [...rule.codes],
    domains: [...rule.domains],
    stages: [...rule.stages],
  }));
  // A class that this version no longer knows would have been refused when the rules were stored.
  return { rules: shown as z.infer<typeof OwnRulesShape>, updated_at: updatedAtMs === null ? null : new Date(updatedAtMs).toISOString() };
}

function tested(reply: string, own: OwnRules) {
  const { verdict, rule } = explainReply(reply, { own });
  const ours = explainReply(reply);
  const { fault, suppress } = verdict;
  return { reply, class: verdict.class, fault, suppress, rule, was: { class: ours.verdict.class, rule: ours.rule } };
}
