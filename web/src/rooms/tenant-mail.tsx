// This file shows and changes where answers of people go, and stands it beside the notices of failures: both are about mail that comes back.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { put } from '../api/client.ts';
import type { ReplyForwarding } from '../api/schema.gen.ts';
import { replyForwardingQuery } from '../api/tenant-mail-queries.ts';
import { A } from '../desk/a.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { CheckField, TextField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { tenantMailWords } from '../words/tenant-mail.words.ts';
import { BounceNotices } from './bounce-notices.tsx';
import { ReportDigest } from './report-digest.tsx';

export function TenantMail({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(tenantMailWords);
  const { ofTenant } = usePerson();
  const query = useQuery(replyForwardingQuery(tenantId));
  return (
    <>
      <BounceNotices tenantId={tenantId} />
      <Section
        id="answers"
        title={words.answers}
        question={words.answersQuestion}
        actions={
          <A className="btn" href={paths.inbound(ofTenant ? {} : { tenant: tenantId })}>
            {words.toInbound}
          </A>
        }
      >
        {query.error === null ? null : <ErrorState error={query.error} what={words.answers} onRetry={() => void query.refetch()} />}
        {query.data === undefined ? null : <Forwarding key={tenantId} setting={query.data} />}
      </Section>
      <ReportDigest tenantId={tenantId} />
    </>
  );
}

function Forwarding({ setting }: { setting: ReplyForwarding }) {
  const words = useWords(tenantMailWords);
  const client = useQueryClient();
  const form = useForm(['to']);
  const [enabled, setEnabled] = useState(setting.enabled);
  const [to, setTo] = useState(setting.to ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const address = to.trim();
      await put(`/v1/tenants/${setting.tenant_id}/reply-forwarding`, { enabled, to: address === '' ? null : address });
      await client.invalidateQueries({ queryKey: ['tenant', setting.tenant_id, 'reply-forwarding'] });
      sayResult(words.saved);
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <CheckField label={words.answersOn} checked={enabled} onChange={setEnabled} />
      <TextField
        label={words.answersTo}
        hint={words.answersToHint}
        type="email"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        wrong={form.wrong('to')}
      />
      <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
    </form>
  );
}
