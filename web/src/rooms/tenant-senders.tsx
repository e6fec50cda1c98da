// This file shows a tenant's single senders on its page, and adds one; all about them stands in their own room.
import type { UseQueryResult } from '@tanstack/react-query';
import type { Page, Sender } from '../api/model.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { senderWords } from '../words/senders.words.ts';
import { tenantPartWords } from '../words/tenant-parts.words.ts';
import { AddSender } from './sender-list.tsx';
import { SenderTable } from './sender-table.tsx';

export function Senders({ tenantId, query }: { readonly tenantId: string; readonly query: UseQueryResult<Page<Sender>> }) {
  const words = useWords(tenantPartWords);
  const say = useWords(senderWords);
  const { role } = usePerson();
  const rows = query.data?.data ?? [];
  return (
    <Section
      id="senders"
      title={words.senders}
      question={words.sendersQuestion}
      actions={
        <A className="btn" href={paths.senders(tenantId)}>
          {say.toAll}
        </A>
      }
    >
      <div className="stack">
        {query.error === null ? null : <ErrorState error={query.error} what={words.senders} onRetry={() => void query.refetch()} />}
        {query.data !== undefined && rows.length === 0 ? <Empty title={words.noSenders}>{words.noSendersHow}</Empty> : null}
        {rows.length === 0 ? null : <SenderTable tenantId={tenantId} senders={rows} />}
        {role === 'viewer' || query.data === undefined ? null : (
          <details>
            <summary>{words.senderNew}</summary>
            <AddSender tenantId={tenantId} />
          </details>
        )}
      </div>
    </Section>
  );
}
