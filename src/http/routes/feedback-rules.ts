// This file is the resource of the operator's own rules: what this platform knows about answers it meets, asked before ours, on every node at once.
import { z } from 'zod';
import { explainReply } from '../../feedback/classify.ts';
import { PATTERN_CHARS_MAX } from '../../feedback/own-rules/pattern.ts';
import { compileOwnRules, OWN_RULE_CLASSES, OWN_RULES_MAX, type OwnRule, type OwnRules } from '../../feedback/own-rules.ts';
import { REPLY_STAGES } from '../../feedback/rules/rule.ts';
import type { FeedbackClass } from '../../feedback/vocabulary.ts';
import { readOwnRules, writeOwnRules } from '../../flows/own-rules.ts';
import type { App } from '../app.ts';
import { change } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { TimeOut } from '../schemas.ts';

/** Per rule; all rules together have a limit of their own. */
const PATTERNS_MAX = 40;
const LIST_MAX = 50;
const SAMPLE_CHARS_MAX = 2_000;
const REPLIES_MAX = 200;

// The list comes from the classes themselves and is not empty.
const ClassName = z.enum(OWN_RULE_CLASSES as [FeedbackClass, ...FeedbackClass[]]);
const Rule = z
  .strictObject({
    id: z.string().max(61).meta({ description: 'Small letters, digits, hyphens. Verdicts name the rule as own/<id>.' }),
    class: ClassName,
    patterns: z.array(z.string().min(1).max(PATTERN_CHARS_MAX)).min(1).max(PATTERNS_MAX).meta({
      description:
        'One has to be found: words, "*" for a gap of at most 60 characters, "|" and "(a|b)" for alternatives. Addresses read "addr".',
    }),
    codes: z.array(z.string().max(12)).max(LIST_MAX).default([]).meta({ description: '550, 5xx, 5.7.1 or x.7.1; empty: any.' }),
    domains: z
      .array(z.string().min(1).max(253))
      .max(LIST_MAX)
      .default([])
      .meta({ description: 'Domains of addresses that the answer names; empty: any.' }),
    stages: z.array(z.enum(REPLY_STAGES)).max(REPLY_STAGES.length).default([]),
    suppress: z.boolean().default(true).meta({ description: 'False: an answer of this kind never holds an address by itself.' }),
    sample: z.string().min(1).max(SAMPLE_CHARS_MAX).meta({ description: 'An answer that this rule decides; it is checked.' }),
    note: z.string().max(500).default('').meta({ description: 'Why the rule exists.' }),
  })
  .meta({ id: 'FeedbackRule' });
const Rules = z.array(Rule).max(OWN_RULES_MAX);
const RulesView = z.object({ rules: z.array(Rule), updated_at: TimeOut.nullable() }).meta({ id: 'FeedbackRules' });
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
      body: z.strictObject({ rules: Rules }),
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
        rules: Rules.optional().meta({ description: 'Absent: the rules that stand.' }),
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
  return { rules: shown as z.infer<typeof Rules>, updated_at: updatedAtMs === null ? null : new Date(updatedAtMs).toISOString() };
}

function tested(reply: string, own: OwnRules) {
  const { verdict, rule } = explainReply(reply, { own });
  const ours = explainReply(reply);
  const { fault, suppress } = verdict;
  return { reply, class: verdict.class, fault, suppress, rule, was: { class: ours.verdict.class, rule: ours.rule } };
}
