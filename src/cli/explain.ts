// This file is `packetboat explain`: one answer of the world in plain words, with the rule that decided. It works without a desk.
// Exit status: 0 done, 2 the command was not understood.
import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { explainReply, type ReplyExplanation } from '../feedback/classify.ts';
import { REPLY_STAGES } from '../feedback/rules/rule.ts';
import { answerWords } from '../feedback/words.ts';
import { LANGUAGES, type Language } from '../language.ts';
import { answerCommandWords, labelled } from './answer-words.ts';
import type { Command, CommandIo } from './command.ts';
import { languageWanted } from './language.ts';
import { RULES_FORM, RULES_OPTIONS, RULES_USAGE, type RulesAsked, rulesAsked } from './rules-asked.ts';

const USAGE = `packetboat explain bounce [--json] [--lang ${LANGUAGES.join('|')}] [--stage ${REPLY_STAGES.join('|')}]
    ${RULES_FORM} "<reply>"|-

Says what an SMTP reply means, whose fault it is, whether it holds the address, and which rule decided. "-" reads it on stdin. --stage tells where in the dialogue it came.
--lang (else LANG) chooses the language.
${RULES_USAGE}
`;

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Explain a bounce in plain words, with the rule that decided.',
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        stage: { type: 'string' },
        lang: { type: 'string' },
        ...RULES_OPTIONS,
      },
    });
    const [what, ...words] = positionals;
    const stage = REPLY_STAGES.find((known) => known === values.stage);
    if (what !== 'bounce' || words.length === 0) throw new AppError('CLI_USAGE', 'The form is: packetboat explain bounce "<reply>".');
    if (values.stage !== undefined && stage === undefined) throw new AppError('CLI_USAGE', `--stage is one of ${REPLY_STAGES.join(', ')}.`);
    const language = languageWanted(values.lang, io.env);
    const asked = await rulesAsked(values, io);
    const reply = words.length === 1 && words[0] === '-' ? await replyOn(io.stdin) : words.join(' ');
    const said = explainReply(reply, { own: asked.own, ...(stage === undefined ? {} : { stage }) });
    io.stdout.write(values.json ? asJson(said, language, asked) : asText(said, language, asked));
    return 0;
  },
};

/** The classifier reads the first 2,000 characters; what comes behind this is not waited for. */
const STDIN_BYTES_MAX = 64 * 1024;

async function replyOn(stdin: CommandIo['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes >= STDIN_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString().trimEnd();
}

/** The form of `POST /v1/explain/bounce`, and which rules were asked before ours. */
function asJson(answer: ReplyExplanation, language: Language, { own, from }: RulesAsked): string {
  const { verdict, code, enhanced, rule } = answer;
  const { fault, hard, suppress } = verdict;
  const said = { code, enhanced, class: verdict.class, fault, bounce_type: verdict.bounceType, hard, suppress, rule };
  const ownRules = from === null ? null : { from, count: own.rules.length };
  return `${JSON.stringify({ ...said, words: answerWords(answer, language), own_rules: ownRules })}\n`;
}

function asText(answer: ReplyExplanation, language: Language, asked: RulesAsked): string {
  const { verdict, code, enhanced, rule } = answer;
  const { volunteer, developer, next } = answerWords(answer, language);
  const words = answerCommandWords(language);
  const { labels } = words;
  const facts = labelled([
    [labels.class, verdict.class],
    [labels.fault, words.faults[verdict.fault ?? 'nobody']],
    [labels.type, words.types[verdict.bounceType]],
    [labels.hold, verdict.suppress ? words.holds : words.keeps],
    [labels.rule, rule],
    [labels.asked, words.asked(asked)],
    [labels.codes, [code, enhanced].filter((part) => part !== '').join(' ') || words.none],
  ]);
  return [volunteer, next, '', developer, '', ...facts, ''].join('\n');
}
