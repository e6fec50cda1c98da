// This file is `packetboat explain`: one answer of the world in plain words, with the rule that decided.
// Exit status: 0 done, 2 the command was not understood.
import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { explainReply } from '../feedback/classify.ts';
import { CLASS_WORDS } from '../feedback/words.ts';
import type { Command } from './command.ts';

const USAGE = `packetboat explain bounce [--json] [--stage connect|greeting|auth|mail|rcpt|data|dot] "<reply>"

Says what an SMTP reply means, whose fault it is, whether it holds the address, and which rule decided. --stage tells where in the dialogue it came.
`;

const STAGES = ['connect', 'greeting', 'auth', 'mail', 'rcpt', 'data', 'dot'] as const;

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Explain a bounce in plain words, with the rule that decided.',
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, stage: { type: 'string' } },
    });
    const [what, ...words] = positionals;
    const stage = STAGES.find((known) => known === values.stage);
    if (what !== 'bounce' || words.length === 0) throw new AppError('CLI_USAGE', 'The form is: packetboat explain bounce "<reply>".');
    if (values.stage !== undefined && stage === undefined) throw new AppError('CLI_USAGE', `--stage is one of ${STAGES.join(', ')}.`);
    io.stdout.write(explained(words.join(' '), values.json, stage));
    return 0;
  },
};

function explained(reply: string, json: boolean, stage: (typeof STAGES)[number] | undefined): string {
  const { verdict, code, enhanced, rule } = explainReply(reply, stage === undefined ? {} : { stage });
  const { meaning, next } = CLASS_WORDS[verdict.class];
  if (json) {
    const { fault, hard, suppress } = verdict;
    return `${JSON.stringify({ code, enhanced, class: verdict.class, fault, bounce_type: verdict.bounceType, hard, suppress, rule, meaning, next })}\n`;
  }
  return [
    meaning,
    next,
    '',
    `class     ${verdict.class}`,
    `fault     ${verdict.fault ?? 'nobody'}`,
    `type      ${verdict.bounceType}`,
    `hold      ${verdict.suppress ? 'this answer alone holds the address' : 'this answer alone does not hold the address'}`,
    `rule      ${rule}`,
    `codes     ${[code, enhanced].filter((part) => part !== '').join(' ') || 'none'}`,
    '',
  ].join('\n');
}
