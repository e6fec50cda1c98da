// This file is what the desk knows about answers: what one means in plain words, and the words for every class.
import { z } from 'zod';
import { explainReply } from '../../feedback/classify.ts';
import { REPLY_STAGES } from '../../feedback/rules/rule.ts';
import { CLASS_FAULT, type FeedbackClass } from '../../feedback/vocabulary.ts';
import { answerWords, classWords, classWordsEnded } from '../../feedback/words.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';

/** The classifier reads the first 2,000 characters; more is decoration. */
const REPLY_CHARS_MAX = 20_000;
/** The keys of a const object are its classes. */
const CLASSES = Object.keys(CLASS_FAULT) as FeedbackClass[];

const Fault = z.string().nullable().meta({ description: 'Whose turn it is; null: nobody’s.' });
const Words = z.object({
  volunteer: z.string().meta({ description: 'For somebody who has never seen an SMTP reply.' }),
  developer: z.string().meta({ description: 'For somebody who reads them.' }),
  next: z.string().meta({ description: 'What to do next, and who does it.' }),
});
const Question = z.strictObject({
  reply: z
    .string()
    .min(1)
    .max(REPLY_CHARS_MAX)
    .meta({ description: 'The answer as it came, with or without its codes, of one or several lines.' }),
  stage: z.enum(REPLY_STAGES).optional().meta({ description: 'Where in the dialogue it came, where that is known.' }),
  lang: Lang,
});
const Explanation = z
  .object({
    code: z.string().meta({ description: 'Basic code, "550"; empty when the answer has none.' }),
    enhanced: z.string().meta({ description: 'Enhanced code, "5.1.1"; empty when the answer has none.' }),
    class: z.string(),
    fault: Fault,
    bounce_type: z.enum(['hard', 'soft', 'block']),
    hard: z.boolean().meta({ description: 'The address itself is wrong for good.' }),
    suppress: z.boolean().meta({ description: 'This one answer alone holds the address by the default policy.' }),
    rule: z.string().meta({ description: 'The rule that decided.' }),
    words: Words,
  })
  .meta({ id: 'BounceExplanation' });
const ClassView = Words.extend({
  class: z.string(),
  fault: Fault,
  ended: Words.meta({ description: 'The words once a message has come back for good: nothing is tried again by itself then.' }),
}).meta({ id: 'FeedbackClass' });
const tags = ['Feedback'];

export function feedbackRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'POST',
    url: '/v1/explain/bounce',
    config: { access: 'signed-in' },
    schema: {
      tags,
      operationId: 'explainBounce',
      summary: 'Say what an answer of a mail server means',
      description: 'Read by the rules of the desk, the operator’s own ones first.',
      body: Question,
      response: { 200: Explanation },
    },
    handler: async (request) => {
      const { reply, stage, lang } = request.body;
      const said = explainReply(reply, {
        own: deps.ownRules.current(),
        ...(stage === undefined ? {} : { stage }),
      });
      const { verdict, code, enhanced, rule } = said;
      const { fault, bounceType, hard, suppress } = verdict;
      const words = answerWords(said, languageOf(request, lang));
      return { code, enhanced, class: verdict.class, fault, bounce_type: bounceType, hard, suppress, rule, words };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/feedback/classes',
    config: { access: 'signed-in' },
    schema: {
      tags,
      operationId: 'listFeedbackClasses',
      summary: 'List the classes of answers with their fault and words',
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: z.object({ data: z.array(ClassView) }) },
    },
    handler: async (request) => {
      const language = languageOf(request, request.query.lang);
      const view = (name: FeedbackClass) => ({ ...classWords(name, language), ended: classWordsEnded(name, language) });
      return { data: CLASSES.map((name) => ({ class: name, fault: CLASS_FAULT[name], ...view(name) })) };
    },
  });
}
