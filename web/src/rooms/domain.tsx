// This file is one sending domain: may it speak for itself, which record is wrong, and how that is mended.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useObjectId } from '../address.ts';
import { domainQuery } from '../api/domain-queries.ts';
import type { Domain } from '../api/schema.gen.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { notePlace } from '../frame/recent.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { domainWords } from '../words/domains.words.ts';
import { domainLine } from './domains.log.ts';

// The sentence stands first; records, steps and keys are loaded while it is read.
const DomainStanding = lazy(() => import('./domain-standing.tsx').then((file) => ({ default: file.DomainStanding })));
const DomainRecords = lazy(() => import('./domain-records.tsx').then((file) => ({ default: file.DomainRecords })));
const DomainPublish = lazy(() => import('./domain-publish.tsx').then((file) => ({ default: file.DomainPublish })));
const DomainKeys = lazy(() => import('./domain-keys.tsx').then((file) => ({ default: file.DomainKeys })));
const DomainProviders = lazy(() => import('./domain-providers.tsx').then((file) => ({ default: file.DomainProviders })));
const DomainWays = lazy(() => import('./domain-ways.tsx').then((file) => ({ default: file.DomainWays })));

/** May this name speak for itself; which record is wrong? */
export function logLine(domain: Domain, format: Format, nowMs: number): string {
  return domainLine(domain, format, nowMs);
}

export function OneDomain() {
  const words = useWords(domainWords);
  const format = useFormat();
  const { lang } = useScreen();
  const { ofTenant } = usePerson();
  const now = useNow();
  const id = useObjectId();
  const [openedMs] = useState(() => Date.now());
  const client = useQueryClient();
  useEscapeBack(paths.domains());
  const query = useQuery(domainQuery(id, lang, openedMs));
  const name = query.data?.name;
  useEffect(() => {
    if (name !== undefined) notePlace(name, paths.domain(id));
  }, [name, id]);
  return (
    <AskedPage
      title={(domain) => domain.name}
      query={query}
      what={words.whatOne}
      asking={words.askingOne}
      crumb={(domain) => (
        <>
          <A href={paths.domains()}>{ofTenant ? words.titleOwn : words.title}</A>
          <span className="any">{domain.name}</span>
        </>
      )}
      line={(domain) => logLine(domain, format, now)}
    >
      {(domain) => (
        <Suspense fallback={null}>
          <DomainStanding domain={domain} onChecked={(fresh) => client.setQueryData(['domains', id, lang], fresh)} />
          <DomainRecords domain={domain} />
          <DomainPublish key={id} domain={domain} />
          <DomainWays domain={domain} />
          <DomainKeys domain={domain} />
          <DomainProviders domain={domain} />
        </Suspense>
      )}
    </AskedPage>
  );
}
