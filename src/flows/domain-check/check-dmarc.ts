// This file checks the DMARC policy that counts for a domain: its record, the organisational domain in both ways receivers find it, and whether
// the places that reports go to want them.
import { chooseDmarcRecord, type DmarcPolicy, effectivePolicy } from '../../tenancy/dns/dmarc-record.ts';
import { type DnsLookup, plainName, valuesOf } from '../../tenancy/dns/lookup.ts';
import { organisationalDomain, type TreeWalk, walkTree } from '../../tenancy/dns/organisational-domain.ts';
import { type CheckFinding, findings, unanswered } from './finding.ts';

export interface DmarcCheck {
  /** The record that counts, and the name it belongs to. */
  readonly record: string | null;
  readonly host: string | null;
  /** What receivers are asked to do with mail of this very name; null without a record. */
  readonly policy: DmarcPolicy | null;
  readonly organisational_domain: { readonly by_list: string; readonly by_walk: string | null; readonly walk: TreeWalk['steps'] };
  readonly reports: readonly ReportDestination[];
  readonly findings: readonly CheckFinding[];
}

export interface ReportDestination {
  readonly tag: 'rua' | 'ruf';
  readonly uri: string;
  /** It belongs to another organisation, which has to agree in DNS. */
  readonly external: boolean;
  /** Null: nobody was asked, or nobody answered. */
  readonly authorised: boolean | null;
}

const { ok, note, warning, problem } = findings('dmarc');

export async function checkDmarc(lookup: DnsLookup, name: string): Promise<DmarcCheck> {
  const [walk, here] = await Promise.all([walkTree(lookup, name), lookup.txt(`_dmarc.${name}`)]);
  const byList = organisationalDomain(name);
  const domains = { by_list: byList, by_walk: walk.domain, walk: walk.steps };
  const bare = { record: null, host: null, policy: null, organisational_domain: domains, reports: [] };
  const own = chooseDmarcRecord(valuesOf(here));
  if (own.kind === 'several') {
    return {
      ...bare,
      findings: [
        problem(
          'several-records',
          `${own.texts.length} DMARC records stand at _dmarc.${name}; receivers use none of them.`,
          'Keep one and remove the others.',
        ),
      ],
    };
  }
  if (own.kind === 'unusable') {
    return {
      ...bare,
      record: own.text,
      findings: [problem('syntax', `The DMARC record at _dmarc.${name} does not count: ${own.message}`, 'Correct it.')],
    };
  }
  if (walk.unreachable !== null) return { ...bare, findings: [unanswered('dmarc', walk.unreachable)] };
  const differ = walk.domain !== null && walk.domain !== byList && walk.record !== null;
  const list: CheckFinding[] = [];
  if (differ) {
    list.push(
      note(
        'organisational-domain',
        `By the public suffix list the organisation is ${byList}, by the walk of RFC 9989 it is ${walk.domain}; receivers use either.`,
        'Publish DMARC records at both names, or keep From, SPF and DKIM below one of them.',
      ),
    );
  }
  if (walk.record === null) {
    list.push(
      problem('missing', `There is no DMARC record for ${name}.`, `Publish one to start with: _dmarc.${byList} TXT "v=DMARC1; p=none"`),
    );
    return { ...bare, findings: list };
  }
  const { host, text, value } = walk.record;
  const policy = effectivePolicy(value, host === name ? 'itself' : 'below');
  const reports = await Promise.all([
    ...value.rua.map((uri) => destination(lookup, host, 'rua', uri)),
    ...value.ruf.map((uri) => destination(lookup, host, 'ruf', uri)),
  ]);
  list.push(...aboutPolicy(policy, value.t), ...aboutReports(host, value.rua, reports));
  list.push(...value.warnings.map((words) => warning('tag', words, 'Edit the record.')));
  if (list.every(({ state }) => state === 'note')) list.unshift(ok('record', `The policy of ${host} is ${policy}.`));
  return { record: text, host, policy, organisational_domain: domains, reports, findings: list };
}

function aboutPolicy(policy: DmarcPolicy, testing: boolean): CheckFinding[] {
  const list: CheckFinding[] = [];
  if (policy === 'none') {
    list.push(
      note(
        'policy-none',
        'The policy is "none": forged mail is only reported, not stopped.',
        'When reports show that your own mail passes, go on to "quarantine", then "reject".',
      ),
    );
  }
  if (testing) list.push(note('test-mode', '"t=y" lowers the policy by one step.', 'Take it out when the test is over.'));
  return list;
}

function aboutReports(host: string, rua: readonly string[], reports: readonly ReportDestination[]): CheckFinding[] {
  if (rua.length === 0) {
    return [
      warning(
        'no-reports',
        'Nobody gets the reports of receivers ("rua" is missing).',
        'Add an address, so that you see who writes in the name of the domain.',
      ),
    ];
  }
  return reports.flatMap(({ tag, uri, authorised }) => {
    if (authorised !== false) return [];
    const target = hostOf(uri);
    return [
      warning(
        'report-not-authorised',
        `${target} does not say that it takes reports about ${host}, so receivers pass over ${tag}=${uri}.`,
        `Whoever runs ${target} publishes: ${host}._report._dmarc.${target} TXT "v=DMARC1"`,
      ),
    ];
  });
}

/** RFC 9990 §4: another organisation has to agree to reports about a domain that is not its own. */
async function destination(lookup: DnsLookup, policyHost: string, tag: 'rua' | 'ruf', uri: string): Promise<ReportDestination> {
  const host = hostOf(uri);
  if (host === '' || organisationalDomain(host) === organisationalDomain(policyHost))
    return { tag, uri, external: false, authorised: null };
  const answer = await lookup.txt(`${policyHost}._report._dmarc.${host}`);
  if (!answer.ok && answer.why === 'unreachable') return { tag, uri, external: true, authorised: null };
  return { tag, uri, external: true, authorised: valuesOf(answer).some((text) => /^v\s*=\s*DMARC1\s*(;|$)/.test(text)) };
}

function hostOf(uri: string): string {
  if (/^mailto:/i.test(uri)) return plainName(uri.slice(uri.lastIndexOf('@') + 1).replace(/[?!].*$/, ''));
  return URL.canParse(uri) ? plainName(new URL(uri).hostname) : '';
}
