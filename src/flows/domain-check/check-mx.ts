// This file checks where mail for a domain goes: its exchangers, whether they have addresses, or that it takes none (null MX, RFC 7505).
import ipaddr from 'ipaddr.js';
import { type DnsLookup, type MailExchanger, valuesOf } from '../../tenancy/dns/lookup.ts';
import { type CheckFinding, findings, unanswered } from './finding.ts';

export interface MxCheck {
  readonly records: readonly MailExchanger[];
  /** Whether mail can be written to the domain; null: DNS did not tell. */
  readonly receives: boolean | null;
  readonly null_mx: boolean;
  readonly findings: readonly CheckFinding[];
}

const { ok, note, warning, problem } = findings('mx');
/** More exchangers than any working domain has; the rest is not looked at. */
const EXCHANGERS_MAX = 20;

export async function checkMx(lookup: DnsLookup, name: string): Promise<MxCheck> {
  const answer = await lookup.mx(name);
  if (!answer.ok && answer.why === 'unreachable')
    return { records: [], receives: null, null_mx: false, findings: [unanswered('mx', answer.detail)] };
  const records = valuesOf(answer).toSorted((a, b) => a.preference - b.preference || a.exchange.localeCompare(b.exchange));
  if (records.length === 0) return withoutMx(lookup, name);
  if (records.some(({ exchange }) => exchange === '')) {
    if (records.length === 1)
      return { records, receives: false, null_mx: true, findings: [ok('null-mx', 'The domain says that it takes no mail (null MX).')] };
    const finding = problem(
      'null-mx-beside',
      'A null MX stands beside other exchangers, so senders cannot know whether mail is taken.',
      'Remove the null MX, or all others.',
    );
    return { records, receives: true, null_mx: false, findings: [finding] };
  }
  const looked = await Promise.all(records.slice(0, EXCHANGERS_MAX).map(({ exchange }) => aboutExchanger(lookup, exchange)));
  const list = looked.flat();
  const summary = ok('records', `Mail goes to ${records.map(({ exchange }) => exchange).join(', ')}.`);
  return { records, receives: true, null_mx: false, findings: list.every(({ state }) => state === 'note') ? [summary, ...list] : list };
}

async function withoutMx(lookup: DnsLookup, name: string): Promise<MxCheck> {
  const addresses = [await lookup.a(name), await lookup.aaaa(name)].flatMap((answer) => valuesOf(answer));
  const none = { records: [], null_mx: false };
  if (addresses.length > 0) {
    const finding = warning(
      'implicit',
      'There is no MX record; senders try the address of the domain itself.',
      'Publish an MX record, or a null MX ("0 .") where no mail is taken.',
    );
    return { ...none, receives: true, findings: [finding] };
  }
  const finding = note(
    'none',
    'The domain takes no mail: it has neither MX nor address.',
    'Bounces and answers cannot come back here; a null MX ("0 .") says so clearly.',
  );
  return { ...none, receives: false, findings: [finding] };
}

async function aboutExchanger(lookup: DnsLookup, exchange: string): Promise<CheckFinding[]> {
  if (ipaddr.isValid(exchange)) {
    return [
      problem(
        'address',
        `The MX record names the address ${exchange}; it has to name a host.`,
        'Give the server a name and put that into the MX record.',
      ),
    ];
  }
  const [alias, v4, v6] = await Promise.all([lookup.cname(exchange), lookup.a(exchange), lookup.aaaa(exchange)]);
  const list: CheckFinding[] = [];
  if (alias.ok)
    list.push(
      warning(
        'alias',
        `The exchanger ${exchange} is an alias, which RFC 2181 forbids; some senders refuse it.`,
        'Put the name it leads to into the MX record.',
      ),
    );
  const silent = [v4, v6].find((answer) => !answer.ok && answer.why === 'unreachable');
  if (!v4.ok && !v6.ok) {
    if (silent && !silent.ok) list.push(unanswered('mx', silent.detail));
    else
      list.push(problem('no-address', `The exchanger ${exchange} has no address.`, 'Correct the MX record, or give the host an address.'));
  }
  return list;
}
