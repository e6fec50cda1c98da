// This file looks for DKIM keys of a domain. Nobody can list them: selectors are tried by the names that services use, and those that are asked for.
import { type DkimKeyRecord, readDkimKey } from '../../tenancy/dns/dkim-record.ts';
import { type DnsLookup, valuesOf } from '../../tenancy/dns/lookup.ts';
import { type CheckFinding, findings, unanswered } from './finding.ts';

export interface DkimCheck {
  readonly selectors: readonly DkimSelector[];
  readonly findings: readonly CheckFinding[];
}

export interface DkimSelector {
  readonly selector: string;
  readonly state: 'ok' | 'revoked' | 'broken';
  readonly algorithm: string | null;
  readonly bits: number | null;
  /** Where an alias leads; null where the key stands itself. */
  readonly alias: string | null;
  readonly warnings: readonly string[];
}

const { ok, note, warning, problem } = findings('dkim');

/** What mail services, hosts and mail servers name their selectors, as their own instructions say. */
const USUAL_SELECTORS = [
  ...['default', 'dkim', 'dkim1', 'mail', 'email', 'smtp', 'mx', 'mta', 'key1', 'key2', 'sel1', 'sel2', 's1', 's2', 's3', 's1024', 's2048'],
  ...['selector1', 'selector2', 'google', '20230601', 'zoho', 'zmail', 'fm1', 'fm2', 'fm3', 'protonmail', 'protonmail2', 'protonmail3'],
  ...[
    'sig1',
    'mesmtp',
    'k1',
    'k2',
    'k3',
    'mandrill',
    'mte1',
    'mte2',
    'api',
    'scph0126',
    'pm',
    'mailjet',
    'mg',
    'krs',
    'pic',
    'resend',
    'brevo1',
    'brevo2',
  ],
  ...[
    'hs1',
    'hs2',
    'ctct1',
    'ctct2',
    'cm',
    'sm',
    'em',
    'sib',
    'turbo-smtp',
    'smtp2go',
    's1-ionos',
    's2-ionos',
    'strato-dkim-0002',
    'kundenserver',
  ],
  ...['hostingermail1', 'titan1', 'pb', 'pb1', 'pb2', 'packetboat'],
] as const;
/** A name nobody uses: an answer here means that every name answers. */
const UNUSED_SELECTOR = 'no-such-selector-packetboat-check';
/** Selectors that may be asked for beside the usual ones. */
export const SELECTORS_MAX = 20;

export async function checkDkim(lookup: DnsLookup, name: string, asked: readonly string[]): Promise<DkimCheck> {
  const wanted = asked.slice(0, SELECTORS_MAX);
  const wildcard = (await lookup.txt(`${UNUSED_SELECTOR}._domainkey.${name}`)).ok;
  const names = wildcard ? wanted : [...new Set([...wanted, ...USUAL_SELECTORS])];
  const looked = await Promise.all(names.map((selector) => lookAtSelector(lookup, name, selector)));
  const selectors = looked.flatMap(({ selector }) => selector ?? []);
  const list: CheckFinding[] = looked.flatMap((each) => each.findings);
  if (wildcard)
    list.push(
      note(
        'wildcard',
        'Every name below _domainkey answers, so only selectors that are named can be checked.',
        'Name yours with --selector.',
      ),
    );
  for (const selector of wanted.filter((each) => !selectors.some((found) => found.selector === each))) {
    if (!looked.some((each) => each.name === selector && each.unreachable)) {
      list.push(
        problem('selector-missing', `There is no key at ${selector}._domainkey.${name}.`, 'Publish the key, or correct the selector.'),
      );
    }
  }
  if (selectors.length === 0 && wanted.length === 0 && !wildcard) {
    const unreachable = looked.find((each) => each.unreachable);
    if (unreachable) return { selectors, findings: [unanswered('dkim', unreachable.unreachable ?? '')] };
    list.push(
      note(
        'none-found',
        'No key was found under the usual selectors; that does not prove that there is none.',
        'Look for "s=" in the DKIM-Signature of a mail from this domain and name it with --selector.',
      ),
    );
  }
  const good = selectors.filter(({ state }) => state === 'ok');
  if (good.length > 0)
    list.unshift(
      ok(
        'keys',
        `Keys: ${good.map(({ selector, algorithm, bits }) => `${selector} (${algorithm}${bits === null ? '' : ` ${bits}`})`).join(', ')}.`,
      ),
    );
  return { selectors, findings: list };
}

interface Looked {
  readonly name: string;
  readonly selector: DkimSelector | null;
  readonly findings: readonly CheckFinding[];
  readonly unreachable: string | null;
}

async function lookAtSelector(lookup: DnsLookup, domain: string, name: string): Promise<Looked> {
  const host = `${name}._domainkey.${domain}`;
  const answer = await lookup.txt(host);
  if (!answer.ok) {
    const unreachable = answer.why === 'unreachable' ? answer.detail : null;
    return { name, selector: null, findings: [], unreachable };
  }
  const alias = valuesOf(await lookup.cname(host))[0] ?? null;
  const about = (selector: DkimSelector, list: readonly CheckFinding[]): Looked => ({ name, selector, findings: list, unreachable: null });
  const none = { selector: name, algorithm: null, bits: null, alias, warnings: [] };
  if (answer.values.length > 1) {
    return about({ ...none, state: 'broken' }, [
      problem('several-keys', `${answer.values.length} records stand at ${host}; receivers may read any of them.`, 'Keep one.'),
    ]);
  }
  const reading = readDkimKey(answer.values[0] ?? '');
  if (!reading.ok) {
    return about({ ...none, state: 'broken' }, [
      problem(
        `key-${reading.fault}`,
        `The key at ${host} cannot be used. ${reading.message}`,
        'Copy the whole value again from the service it belongs to.',
      ),
    ]);
  }
  const { algorithm, bits, revoked, warnings } = reading.value;
  return about({ selector: name, state: revoked ? 'revoked' : 'ok', algorithm, bits, alias, warnings }, aboutKey(host, reading.value));
}

function aboutKey(host: string, { revoked, warnings }: DkimKeyRecord): CheckFinding[] {
  if (revoked) return [note('revoked', `The key at ${host} was taken back ("p=" is empty).`)];
  return warnings.map((words) =>
    warning('key', `${host}: ${words}`, 'Publish a key of 2048 bits without "t=y" when the service offers one.'),
  );
}
