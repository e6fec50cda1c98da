// This file is `packetboat domain check`: everything DNS says about mail of a domain, for anybody's domain and without a desk.
// Exit status: 0 nothing is wrong (warnings and notes may be), 1 a problem, 2 the command was not understood, 3 DNS did not answer, so nothing is sure.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import type { SpfBranch } from '../flows/domain-check/check-spf.ts';
import type { DomainCheck } from '../flows/domain-check/examine-domain.ts';
import type { CheckFinding, CheckPart } from '../flows/domain-check/finding.ts';
import { sayCheck } from '../flows/domain-check/words.ts';
import { LANGUAGES } from '../language.ts';
import type { DnsLookup } from '../tenancy/dns/lookup.ts';
import { makeDnsLookup, readDnsServer } from '../watch/dns/resolver.ts';
import type { Command } from './command.ts';
import { type DomainCommandWords, domainCommandWords } from './domain-words.ts';
import { languageWanted } from './language.ts';
import { openDnsLookup, openExamineDomain } from './serve/dns.ts';

const USAGE = `packetboat domain check NAME [--json] [--selector S]… [--dns SERVER] [--lang ${LANGUAGES.join('|')}]

check  Looks at MX, SPF (with everything it includes), DKIM keys, DMARC, MTA-STS, TLS-RPT and BIMI of a domain, and says what to do next. The name servers of
       the domain are asked themselves; --dns 192.0.2.53:53 asks that server instead and believes it. --selector names a DKIM selector to look at beside the
       usual ones, as often as there are some. --lang (else LANG) chooses the language. No desk is needed.
Exit status: 0 nothing is wrong (warnings may be), 1 a problem was found, 2 not understood, 3 DNS did not answer, so nothing is sure.
`;

const EXIT: Readonly<Record<DomainCheck['verdict'], number>> = { ok: 0, warning: 0, problem: 1, unknown: 3 };
export const domainCommand: Command = {
  name: 'domain',
  summary: 'Check what DNS says about mail of any domain.',
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        selector: { type: 'string', multiple: true, default: [] },
        dns: { type: 'string' },
        lang: { type: 'string' },
      },
    });
    const [verb, name, ...more] = positionals;
    if (verb !== 'check' || name === undefined || more.length > 0) {
      throw new AppError('CLI_USAGE', 'The form is: packetboat domain check NAME [--json] [--selector S] [--dns SERVER].');
    }
    const language = languageWanted(values.lang, io.env);
    const config = loadConfig(io.env, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
    const lookup = values.dns === undefined ? openDnsLookup(config) : lookupAt(values.dns);
    const check = sayCheck(await openExamineDomain(lookup, config, systemClock)(name, values.selector).catch(notUnderstood), language);
    io.stdout.write(values.json ? `${JSON.stringify(check)}\n` : forPeople(check, domainCommandWords(language)));
    return EXIT[check.verdict];
  },
};

/** Status 1 says that something is wrong with a domain, so what is no domain is a wrong form of the command. */
function notUnderstood(error: unknown): never {
  if (error instanceof AppError && error.code === 'REQUEST_INVALID') throw new AppError('CLI_USAGE', error.message, { hint: error.hint });
  throw error;
}

function lookupAt(text: string): DnsLookup {
  const server = readDnsServer(text);
  if (!server)
    throw new AppError('CLI_USAGE', `--dns is an address of a DNS server such as 192.0.2.53 or [2001:db8::53]:5353; "${text}" is none.`);
  return makeDnsLookup({ servers: [server], authoritative: false });
}

function forPeople(check: DomainCheck, words: DomainCommandWords): string {
  const lines = [`${check.name}: ${words.verdicts[check.verdict]}`];
  const parts = new Map<CheckPart, CheckFinding[]>();
  for (const finding of check.findings) parts.set(finding.part, [...(parts.get(finding.part) ?? []), finding]);
  for (const [part, found] of parts) {
    lines.push('', words.parts[part]);
    lines.push(...detailsOf(check, part, words));
    for (const { state, says, next } of found) {
      lines.push(`  ${words.marks[state]}  ${says}`);
      if (next !== null) lines.push(`           → ${next}`);
    }
  }
  return `${lines.map(plainLine).join('\n')}\n`;
}

/** What was found, before what it means. */
function detailsOf({ spf, dmarc, mta_sts, tls_rpt, bimi }: DomainCheck, part: CheckPart, words: DomainCommandWords): string[] {
  switch (part) {
    case 'spf':
      return spf.tree.length > 0 ? spf.tree.map((branch) => branchLine(branch, words)) : recordLine(spf.record);
    case 'dmarc': {
      const { by_list, by_walk } = dmarc.organisational_domain;
      const differ = by_walk !== null && by_walk !== by_list ? words.byWalk(by_walk) : '';
      return [
        ...recordLine(dmarc.record === null ? null : `${dmarc.host ?? ''}: ${dmarc.record}`),
        `           ${words.organisation(by_list)}${differ}`,
      ];
    }
    case 'mta-sts':
      return recordLine(mta_sts.record);
    case 'tls-rpt':
      return recordLine(tls_rpt.record);
    case 'bimi':
      return recordLine(bimi.record);
    default:
      return [];
  }
}

function recordLine(record: string | null): string[] {
  return record === null ? [] : [`           ${record}`];
}

function branchLine({ depth, term, domain, record, lookups, problem }: SpfBranch, words: DomainCommandWords): string {
  const indent = '  '.repeat(depth);
  const name = term ?? domain;
  return `           ${indent}${name} · ${words.lookups(lookups)}${record === null ? ` · ${problem === null ? '' : words.spfProblems[problem]}` : ` · ${record}`}`;
}

/** Texts of strangers must not play with the terminal. */
function plainLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
