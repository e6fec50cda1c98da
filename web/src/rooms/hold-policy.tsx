// This file is the policy of holds: when an address goes on hold, as sentences; and changing it, never without seeing first what that would have done.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useSearch } from '../address.ts';
import type { DryRun } from '../api/feedback-model.ts';
import { holdPolicyQuery } from '../api/feedback-queries.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { SelectField } from '../desk/field.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { useOwnName, usePerson } from '../session.ts';
import { frameWords } from '../words/frame.words.ts';
import { holdPolicyWords } from '../words/hold-policy.words.ts';
import { logLine } from './hold-policy.log.ts';

export { logLine };

const HoldPolicyEditor = lazy(() => import('./hold-policy-editor.tsx').then((file) => ({ default: file.HoldPolicyEditor })));

export function HoldPolicyPage() {
  const words = useWords(holdPolicyWords);
  const frame = useWords(frameWords);
  const format = useFormat();
  const router = useRouter();
  const client = useQueryClient();
  const { ofTenant } = usePerson();
  const ownName = useOwnName();
  const asked = useSearch()['tenant'];
  const tenant = ofTenant ? null : (asked ?? null);
  const asking = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const tenants = asking.data?.data ?? [];
  const [dry, setDry] = useState<DryRun | null>(null);
  const query = useQuery(holdPolicyQuery(tenant));
  const name = ofTenant ? (ownName ?? words.you) : tenant === null ? null : (tenants.find((row) => row.id === tenant)?.name ?? '…');
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={
        <>
          <A href={paths.holds()}>{frame.holds}</A>
          <span>{words.title}</span>
        </>
      }
      line={(policy) => logLine({ policy, name, dry }, format)}
      lineWaits={tenant !== null && asking.isLoading}
      above={
        ofTenant ? null : (
          <div className="form bar">
            <SelectField
              label={words.whose}
              value={tenant ?? ''}
              options={[['', words.everybody], ...tenants.map((row) => [row.id, row.name] as const)]}
              onChange={(value) => {
                setDry(null);
                router.history.push(paths.holdPolicy(value));
              }}
            />
          </div>
        )
      }
    >
      {(policy) => (
        <Suspense fallback={null}>
          <HoldPolicyEditor
            key={`${tenant} ${query.dataUpdatedAt > 0 ? JSON.stringify(policy.rules) : ''}`}
            policy={policy}
            tenant={tenant}
            dry={dry}
            onDry={setDry}
            onSaved={async () => {
              setDry(null);
              await client.invalidateQueries({ queryKey: ['hold-policy'] });
            }}
          />
        </Suspense>
      )}
    </AskedPage>
  );
}
