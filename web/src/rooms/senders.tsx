// This file is Single senders: which addresses may stand in From without a domain of their own, and what happens to it?
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useSearch } from '../address.ts';
import type { Page, Sender } from '../api/model.ts';
import { tenantSendersQuery, tenantsQuery } from '../api/sender-queries.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { useSession } from '../session.ts';
import { senderWords } from '../words/senders.words.ts';
import { sendersLine } from './senders.log.ts';

const SenderList = lazy(() => import('./sender-list.tsx').then((file) => ({ default: file.SenderList })));
const Rewriting = lazy(() => import('./rewriting.tsx').then((file) => ({ default: file.Rewriting })));
const RewritingKeys = lazy(() => import('./rewriting-keys.tsx').then((file) => ({ default: file.RewritingKeys })));
const SenderPreview = lazy(() => import('./sender-preview.tsx').then((file) => ({ default: file.SenderPreview })));
const ChoiceChip = lazy(() => import('../desk/chips.tsx').then((file) => ({ default: file.ChoiceChip })));

/** May each address stand in From, and does it stay what it is? */
export function logLine(page: Page<Sender>, format: Pick<Format, 'lang'>): string {
  return sendersLine(page.data, format);
}

export function Senders() {
  const words = useWords(senderWords);
  const format = useFormat();
  const router = useRouter();
  const own = useSession()?.tenant_id ?? null;
  const asked = useSearch()['tenant'];
  const all = useQuery({ ...tenantsQuery, enabled: own === null }).data?.data;
  const tenants = all ?? [];
  const whose = own ?? asked ?? tenants[0]?.id ?? '';
  const query = useQuery({ ...tenantSendersQuery(whose), enabled: whose !== '' || all !== undefined });
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.senders()} title={words.title} />}
      line={(page) => logLine(page, format)}
      above={
        own === null && tenants.length > 0 ? (
          <div className="chips bar">
            <Suspense fallback={null}>
              <ChoiceChip
                label={words.whose}
                value={whose}
                options={tenants.map((tenant) => [tenant.id, tenant.name])}
                onChange={(tenant) => router.history.push(paths.senders(tenant))}
                whole={false}
              />
            </Suspense>
          </div>
        ) : null
      }
    >
      {(page) => (
        <Suspense fallback={null}>
          {whose === '' ? null : (
            <>
              <SenderList key={`list ${whose}`} tenantId={whose} senders={page.data} />
              <Rewriting key={`rewriting ${whose}`} tenantId={whose} />
              <SenderPreview key={`preview ${whose}`} tenantId={whose} />
            </>
          )}
          {own === null ? <RewritingKeys tenantId={whose} /> : null}
        </Suspense>
      )}
    </AskedPage>
  );
}
