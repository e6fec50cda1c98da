// This file is `packetboat feedback`: what received mails and SMTP replies mean, in the fixed forms of docs/ARCHITECTURE.md §7.
// Exit status: 0 done, 1 a file could not be read, 2 the command was not understood.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { explainReply } from '../feedback/classify.ts';
import { type FeedbackMail, readFeedbackMail } from '../feedback/from-mail.ts';
import type { OwnRules } from '../feedback/own-rules.ts';
import type { Fault } from '../feedback/vocabulary.ts';
import { LANGUAGES } from '../language.ts';
import { type AnswerCommandWords, answerCommandWords } from './answer-words.ts';
import type { Command, CommandIo } from './command.ts';
import { languageWanted } from './language.ts';
import { mailsInMbox } from './mbox.ts';
import { readFiles } from './read-files.ts';
import { RULES_FORM, RULES_OPTIONS, RULES_USAGE, rulesAsked } from './rules-asked.ts';

const LANG_FORM = `[--lang ${LANGUAGES.join('|')}]`;
const USAGE = `packetboat feedback parse [--json] [--mbox] ${LANG_FORM} ${RULES_FORM} FILE…|FOLDER…|-
packetboat feedback reply [--json] ${LANG_FORM} ${RULES_FORM}

parse  Reads mails (bounces, delays, complaints, automatic replies) and says what they mean for each recipient. "-" reads one mail on stdin.
       A folder stands for the files in it and below it (a Maildir, too). --mbox: each file holds many mails, told apart by their "From " lines.
reply  Reads SMTP replies on stdin, one a line, line breaks inside a reply written as \\n, and classifies each.

${RULES_USAGE} Which rules were asked is said on stderr. --lang (else LANG) chooses the language of what people read; --json is the same in all.
`;

/** A mail on stdin larger than this is cut off by an error: the inbound door takes no larger ones. */
const STDIN_BYTES_MAX = 64 * 1024 * 1024;

export const feedbackCommand: Command = {
  name: 'feedback',
  summary: 'Say what a received mail or an SMTP reply means for its recipients.',
  usage: USAGE,
  async run(args, io) {
    const [verb, ...rest] = args;
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        mbox: { type: 'boolean', default: false },
        lang: { type: 'string' },
        ...RULES_OPTIONS,
      },
    });
    const parses = verb === 'parse' && positionals.length > 0;
    if (!parses && !(verb === 'reply' && positionals.length === 0 && !values.mbox)) {
      throw new AppError(
        'CLI_USAGE',
        'The form is: packetboat feedback parse [--json] [--mbox] FILE…|FOLDER…|-, or packetboat feedback reply [--json].',
      );
    }
    const words = answerCommandWords(languageWanted(values.lang, io.env));
    const asked = await rulesAsked(values, io);
    // Programs that ask for the fixed forms hear nothing new unless they gave rules.
    if (!values.json || asked.from !== null) io.stderr.write(`${words.rulesSaid(asked)}\n`);
    const how: How = { own: asked.own, json: values.json, words, io };
    return parses ? parseFiles(positionals, { ...how, mbox: values.mbox }) : classifyLines(how);
  },
};

interface How {
  readonly own: OwnRules;
  readonly json: boolean;
  readonly words: AnswerCommandWords;
  readonly io: CommandIo;
}

function parseFiles(named: readonly string[], { own, json, words, io, mbox }: How & { readonly mbox: boolean }): Promise<number> {
  return readFiles(named, { json, io, folders: true }, async (file) => {
    const content = file === '-' ? await readAll(io) : await readFile(resolve(io.cwd, file));
    for (const raw of mbox ? mailsInMbox(content) : [content]) {
      const mail = readFeedbackMail(raw, own);
      io.stdout.write(json ? `${JSON.stringify(parsedForm(file, mail))}\n` : parsedText(file, mail, words));
    }
  });
}

/** The fixed form of `feedback parse --json`. */
function parsedForm(file: string, mail: FeedbackMail): unknown {
  const { complaint } = mail;
  return {
    file,
    kind: mail.kind,
    recipients: mail.recipients.map((recipient) => ({
      address: recipient.address,
      action: recipient.action,
      status: recipient.status,
      code: recipient.code,
      class: recipient.class,
      fault: recipient.fault,
      hard: recipient.hard,
      suppress: recipient.suppress,
      diagnostic: recipient.diagnostic,
    })),
    complaint:
      complaint === null
        ? null
        : {
            type: complaint.type,
            recipients: complaint.recipients,
            source_ip: complaint.sourceIp,
            user_agent: complaint.userAgent,
            arrival_date: complaint.arrivalDate,
          },
  };
}

function parsedText(file: string, mail: FeedbackMail, words: AnswerCommandWords): string {
  const lines = [`${file}: ${words.kinds[mail.kind]}`];
  for (const recipient of mail.recipients) {
    const codes = [recipient.code, recipient.status].filter((code) => code !== '').join(' ');
    const action = words.actions[recipient.action] ?? recipient.action;
    const { address, class: cls } = recipient;
    lines.push(`  ${address || words.noAddress}  ${action}  ${cls}  ${verdictText(recipient, words)}  ${codes}`.trimEnd());
    if (recipient.diagnostic !== '') lines.push(`    ${recipient.diagnostic}`);
  }
  if (mail.complaint !== null) lines.push(`  ${mail.complaint.type}  ${mail.complaint.recipients.join(', ') || words.noAddress}`);
  return `${lines.join('\n')}\n`;
}

function verdictText({ fault, suppress }: { fault: Fault | null; suppress: boolean }, { faults, line }: AnswerCommandWords): string {
  return `${line.fault(faults[fault ?? 'nobody'])}  ${suppress ? line.holds : line.keeps}`;
}

async function classifyLines({ own, json, words, io }: How): Promise<number> {
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { verdict, code, enhanced } = explainReply(line, { own });
    const { fault, suppress } = verdict;
    io.stdout.write(
      json
        ? `${JSON.stringify({ code, enhanced, class: verdict.class, fault, bounce_type: verdict.bounceType, suppress })}\n`
        : `${verdict.class}  ${words.line.fault(words.faults[fault ?? 'nobody'])}  ${words.types[verdict.bounceType]}  ${suppress ? words.line.holds : words.line.keeps}  ${line}\n`,
    );
  }
  return 0;
}

async function readAll(io: CommandIo): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of io.stdin) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > STDIN_BYTES_MAX) throw new Error(`the mail is larger than ${STDIN_BYTES_MAX} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
