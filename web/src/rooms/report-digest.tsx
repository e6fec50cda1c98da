// This file shows and changes whether an organisation gets a weekly mail about what receivers report.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { put } from '../api/client.ts';
import { reportDigestQuery } from '../api/report-queries.ts';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { CheckField } from '../desk/field.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { deskWords } from '../words/desk.words.ts';
import { tenantMailWords } from '../words/tenant-mail.words.ts';

export function ReportDigest({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(tenantMailWords);
  const desk = useWords(deskWords);
  const client = useQueryClient();
  const query = useQuery(reportDigestQuery(tenantId));
  const set = async (enabled: boolean) => {
    try {
      await put(`/v1/tenants/${tenantId}/report-digest`, { enabled });
      sayResult(words.saved);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await client.invalidateQueries({ queryKey: ['tenant', tenantId, 'report-digest'] });
  };
  return (
    <Section id="digest" title={words.digest} question={words.digestQuestion}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.digest} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : <CheckField label={words.digestOn} checked={query.data.enabled} onChange={(on) => void set(on)} />}
    </Section>
  );
}
