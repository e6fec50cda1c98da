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
import type { Command, CommandIo } from './command.ts';
import { mailsInMbox } from './mbox.ts';
import { readFiles } from './read-files.ts';
import { RULES_FORM, RULES_OPTIONS, RULES_USAGE, rulesAsked, rulesSaid } from './rules-asked.ts';

const USAGE = `packetboat feedback parse [--json] [--mbox] ${RULES_FORM} FILE…|FOLDER…|-
packetboat feedback reply [--json] ${RULES_FORM}

parse  Reads mails (bounces, delays, complaints, automatic replies) and says what they mean for each recipient. "-" reads one mail on stdin.
       A folder stands for the files in it and below it (a Maildir, too). --mbox: each file holds many mails, told apart by their "From " lines.
reply  Reads SMTP replies on stdin, one a line, line breaks inside a reply written as \\n, and classifies each.

${RULES_USAGE} Which rules were asked is said on stderr.
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
      options: { json: { type: 'boolean', default: false }, mbox: { type: 'boolean', default: false }, ...RULES_OPTIONS },
    });
    const parses = verb === 'parse' && positionals.length > 0;
    if (!parses && !(verb === 'reply' && positionals.length === 0 && !values.mbox)) {
      throw new AppError(
        'CLI_USAGE',
        'The form is: packetboat feedback parse [--json] [--mbox] FILE…|FOLDER…|-, or packetboat feedback reply [--json].',
      );
    }
    const asked = await rulesAsked(values, io);
    // Programs that ask for the fixed forms hear nothing new unless they gave rules.
    if (!values.json || asked.from !== null) io.stderr.write(`${rulesSaid(asked)}\n`);
    const how: How = { own: asked.own, json: values.json, io };
    return parses ? parseFiles(positionals, { ...how, mbox: values.mbox }) : classifyLines(how);
  },
};

interface How {
  readonly own: OwnRules;
  readonly json: boolean;
  readonly io: CommandIo;
}

function parseFiles(named: readonly string[], { own, json, io, mbox }: How & { readonly mbox: boolean }): Promise<number> {
  return readFiles(named, { json, io, folders: true }, async (file) => {
    const content = file === '-' ? await readAll(io) : await readFile(resolve(io.cwd, file));
    for (const raw of mbox ? mailsInMbox(content) : [content]) {
      const mail = readFeedbackMail(raw, own);
      io.stdout.write(json ? `${JSON.stringify(parsedForm(file, mail))}\n` : parsedText(file, mail));
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

function parsedText(file: string, mail: FeedbackMail): string {
  const lines = [`${file}: ${mail.kind}`];
  for (const recipient of mail.recipients) {
    const codes = [recipient.code, recipient.status].filter((code) => code !== '').join(' ');
    const hold = recipient.suppress ? 'holds the address' : 'no hold';
    lines.push(
      `  ${recipient.address || '(no address)'}  ${recipient.action}  ${recipient.class}  fault ${recipient.fault ?? 'none'}  ${hold}  ${codes}`.trimEnd(),
    );
    if (recipient.diagnostic !== '') lines.push(`    ${recipient.diagnostic}`);
  }
  if (mail.complaint !== null) lines.push(`  ${mail.complaint.type}  ${mail.complaint.recipients.join(', ') || '(no address)'}`);
  return `${lines.join('\n')}\n`;
}

async function classifyLines({ own, json, io }: How): Promise<number> {
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { verdict, code, enhanced } = explainReply(line, { own });
    const { fault, suppress } = verdict;
    io.stdout.write(
      json
        ? `${JSON.stringify({ code, enhanced, class: verdict.class, fault, bounce_type: verdict.bounceType, suppress })}\n`
        : `${verdict.class}  fault ${fault ?? 'none'}  ${verdict.bounceType}  ${suppress ? 'holds the address' : 'no hold'}  ${line}\n`,
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
