// This file is the shape of the platform's own rules, as they come over HTTP and in files of the CLI.
import { z } from 'zod';
import { PATTERN_CHARS_MAX } from '../feedback/own-rules/pattern.ts';
import { OWN_RULE_CLASSES, OWN_RULES_MAX } from '../feedback/own-rules.ts';
import { REPLY_STAGES } from '../feedback/rules/rule.ts';
import type { FeedbackClass } from '../feedback/vocabulary.ts';

/** Per rule; all rules together have a limit of their own. */
const PATTERNS_MAX = 40;
const LIST_MAX = 50;
export const SAMPLE_CHARS_MAX = 2_000;

// The list comes from the classes themselves and is not empty.
const ClassName = z.enum(OWN_RULE_CLASSES as [FeedbackClass, ...FeedbackClass[]]);
export const OwnRuleShape = z
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
export const OwnRulesShape = z.array(OwnRuleShape).max(OWN_RULES_MAX);
