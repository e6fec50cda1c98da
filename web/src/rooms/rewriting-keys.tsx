// This file shows operators the platform's domain that addresses in From are written anew on: its records as they stand in the DNS, and its DKIM keys.
import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '../api/client.ts';
import type { RewritingDomain } from '../api/schema.gen.ts';
import { rewritingDomainQuery, rewritingKeysQuery, rewritingQuery } from '../api/sender-queries.ts';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { senderWords } from '../words/senders.words.ts';
import { RecordTable } from './domain-records.tsx';
import { KeyDoors, KeyTable } from './key-table.tsx';
import { livingOf } from './shown-key.ts';

const AT = { path: '/v1/rewriting/keys', queryKey: ['rewriting'], waits: true } as const;

/** Nothing where this desk has no such domain, which any organisation's setting says; `tenantId` is empty where there is none yet. */
export function RewritingKeys({ tenantId }: { readonly tenantId: string }) {
  const possible = useQuery({ ...rewritingQuery(tenantId), enabled: tenantId !== '' }).data?.possible === true;
  return possible || tenantId === '' ? <PlatformDomain /> : null;
}

function PlatformDomain() {
  const words = useWords(senderWords);
  const { lang } = useScreen();
  const { role } = usePerson();
  const keys = useQuery(rewritingKeysQuery(lang));
  const domain = useQuery(rewritingDomainQuery(lang));
  const living = livingOf(keys.data?.data ?? []);
  const error = keys.error ?? domain.error;
  if (error instanceof ApiProblem && error.code === 'REWRITING_UNAVAILABLE') return null;
  const retry = () => void Promise.all([keys.refetch(), domain.refetch()]);
  return (
    <Section id="platform-domain" title={words.platformDomain} question={words.platformDomainQuestion(keys.data?.domain ?? '…')}>
      {error === null ? null : <ErrorState error={error} what={words.platformDomain} onRetry={retry} />}
      <div className="stack">
        {domain.data === undefined ? null : (
          <RecordTable rows={recordsOf(domain.data)} caption={words.platformDomain} name={domain.data.domain} />
        )}
        {living.length === 0 ? null : <KeyTable keys={living} at={AT} />}
        {keys.data === undefined || role === 'viewer' ? null : <KeyDoors at={AT} waits={living.some((key) => key.state === 'new')} />}
      </div>
    </Section>
  );
}

/** In the form of a sending domain's. */
function recordsOf({ records }: RewritingDomain) {
  return records.map(({ purpose, next, ...record }) => ({
    ...record,
    id: `${record.type} ${record.host}`,
    purpose: purpose === 'mx' ? ('return-path' as const) : purpose,
    needed: 'required' as const,
    mistake: next === null ? null : { code: '', message: '', next },
  }));
}
