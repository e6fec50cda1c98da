// This file checks whether a domain asks for encrypted delivery and whether what it asks for can be kept (RFC 8461).
import { type DnsLookup, type MailExchanger, valuesOf } from '../../tenancy/dns/lookup.ts';
import { isMtaStsRecord, type MtaStsPolicy, mtaStsCovers, readMtaStsPolicy, readMtaStsRecord } from '../../tenancy/dns/mta-sts-record.ts';
import type { FetchPolicy } from './fetch-policy.ts';
import { type CheckFinding, findings, unanswered } from './finding.ts';

export interface MtaStsCheck {
  readonly record: string | null;
  readonly policy: (Omit<MtaStsPolicy, 'warnings' | 'maxAgeS'> & { readonly max_age: number }) | null;
  readonly findings: readonly CheckFinding[];
}

const { ok, note, warning, problem } = findings('mta-sts');

export async function checkMtaSts(
  lookup: DnsLookup,
  name: string,
  { exchangers, fetchPolicy }: { exchangers: readonly MailExchanger[]; fetchPolicy: FetchPolicy },
): Promise<MtaStsCheck> {
  const answer = await lookup.txt(`_mta-sts.${name}`);
  if (!answer.ok && answer.why === 'unreachable') return { record: null, policy: null, findings: [unanswered('mta-sts', answer.detail)] };
  const records = valuesOf(answer).filter(isMtaStsRecord);
  const [record] = records;
  if (record === undefined) {
    const finding = note(
      'missing',
      'The domain does not ask for encrypted delivery (no MTA-STS).',
      'Optional: it keeps others from listening to mail on its way to you.',
    );
    return { record: null, policy: null, findings: [finding] };
  }
  if (records.length > 1) {
    return {
      record,
      policy: null,
      findings: [problem('several-records', 'Several MTA-STS records stand there; senders use none of them.', 'Keep one.')],
    };
  }
  const reading = readMtaStsRecord(record);
  if (!reading.ok) return { record, policy: null, findings: [problem('syntax', reading.message, 'Correct the record.')] };
  const fetched = await fetchPolicy(`mta-sts.${name}`);
  if (!fetched.ok) {
    return {
      record,
      policy: null,
      findings: [
        problem(
          'policy-missing',
          `The policy cannot be fetched: ${fetched.message}`,
          `Serve it at https://mta-sts.${name}/.well-known/mta-sts.txt with a valid certificate.`,
        ),
      ],
    };
  }
  const policy = readMtaStsPolicy(fetched.text);
  if (!policy.ok)
    return {
      record,
      policy: null,
      findings: [problem('policy-syntax', policy.message, 'Correct the policy file and change the id in DNS.')],
    };
  const { mode, mx, maxAgeS, warnings } = policy.value;
  const list = [...fetched.warnings, ...warnings].map((words) =>
    warning('policy', words, 'Edit the policy file and change the id in DNS.'),
  );
  if (mode !== 'none') list.push(...uncovered(mx, exchangers, mode));
  if (mode !== 'enforce') list.push(note('mode', `The policy is in mode "${mode}": nothing is enforced.`));
  if (list.every(({ state }) => state === 'note')) list.unshift(ok('policy', `The policy is in mode "${mode}" and names every exchanger.`));
  return { record, policy: { mode, mx, max_age: maxAgeS }, findings: list };
}

function uncovered(patterns: readonly string[], exchangers: readonly MailExchanger[], mode: string): CheckFinding[] {
  return exchangers
    .filter(({ exchange }) => exchange !== '' && !mtaStsCovers(patterns, exchange))
    .map(({ exchange }) => {
      const next = 'Add it to the policy file and change the id in DNS.';
      return mode === 'enforce'
        ? problem('exchanger', `The policy does not name ${exchange}, so mail to it is refused by senders that keep to the policy.`, next)
        : warning('exchanger', `The policy does not name ${exchange}.`, next);
    });
}
