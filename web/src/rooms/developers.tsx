// This file is a tenant's "For developers": the keys that open the door, the events an application can read, and what it is told by mail.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { eventsQuery } from '../api/mail-queries.ts';
import type { Credential, DeskEvent, Page } from '../api/model.ts';
import { credentialsQuery } from '../api/sender-queries.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { RoomCrumb } from '../frame/room-crumb.tsx';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson, useSession } from '../session.ts';
import { developersWords } from '../words/developers.words.ts';
import { logLine as credentialsLine } from './credentials.tsx';

const TenantMail = lazy(() => import('./tenant-mail.tsx').then((file) => ({ default: file.TenantMail })));
const CredentialTable = lazy(() => import('./credential-table.tsx').then((file) => ({ default: file.CredentialTable })));

/** Which keys open the door? */
export function logLine(page: Page<Credential>, format: Pick<Format, 'lang'>): string {
  return credentialsLine(page, format);
}

export function Developers() {
  const words = useWords(developersWords);
  const format = useFormat();
  const person = usePerson();
  const tenantId = useSession()?.tenant_id ?? null;
  const query = useQuery(credentialsQuery);
  const make = mayMake('credential', person) ? (
    <A className="btn" href={paths.newCredential()}>
      {words.make}
    </A>
  ) : undefined;
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<RoomCrumb href={paths.developers()} title={words.title} />}
      line={(page) => logLine(page, format)}
    >
      {(page) => (
        <>
          <Section id="list" title={words.credentials} question={words.credentialsQuestion} actions={make}>
            {page.data.length === 0 ? (
              <Empty title={words.none}>{words.noneHow}</Empty>
            ) : (
              <Suspense fallback={null}>
                <CredentialTable rows={page.data} withTenant={false} />
              </Suspense>
            )}
          </Section>
          <Events />
          {tenantId === null || person.role === 'viewer' ? null : (
            <Suspense fallback={null}>
              <TenantMail tenantId={tenantId} />
            </Suspense>
          )}
        </>
      )}
    </AskedPage>
  );
}

function Events() {
  const words = useWords(developersWords);
  const [after, setAfter] = useState<string | null>(null);
  const query = useQuery(eventsQuery(after === null ? {} : { after }));
  const rows = query.data?.data ?? [];
  const next = query.data?.next ?? null;
  return (
    <Section
      id="events"
      title={words.events}
      question={words.eventsQuestion}
      actions={
        <a className="btn quiet" href="/docs">
          {words.docs}
        </a>
      }
    >
      {query.error === null ? null : <ErrorState error={query.error} what={words.events} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && rows.length === 0 ? <Empty title={words.eventsNone}>{words.eventsNoneHow}</Empty> : null}
      {rows.length === 0 ? null : <EventTable rows={rows} />}
      {query.data === undefined ? null : (
        <TableFoot
          shown={rows.length}
          more={next !== null && rows.length > 0}
          keys={false}
          pages={
            <>
              {after === null ? null : <Button onClick={() => setAfter(null)}>{words.eventsFirst}</Button>}
              {next === null || rows.length === 0 ? null : <Button onClick={() => setAfter(next)}>{words.eventsMore}</Button>}
            </>
          }
        />
      )}
    </Section>
  );
}

function EventTable({ rows }: { rows: readonly DeskEvent[] }) {
  const words = useWords(developersWords);
  return (
    <div className="sheet">
      <table className="tbl flow">
        <thead>
          <tr>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.recipient}</th>
            <th scope="col">{words.said}</th>
            <th scope="col">{words.at}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((event) => (
            <tr key={event.id}>
              <td className="head wire nw" data-l="">
                {event.type}
              </td>
              <td className="min-w-52" data-l={words.recipient}>
                {event.message_id !== null && event.recipient_id !== null ? (
                  <A href={paths.message(event.message_id, { recipient: event.recipient_id })}>{event.address ?? event.recipient_id}</A>
                ) : (
                  event.address
                )}
              </td>
              <td className="wire mute" data-l={words.said}>
                {typeof event.data?.['diagnostic'] === 'string' ? event.data['diagnostic'] : ''}
              </td>
              <td data-l={words.at}>
                <Time at={event.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
