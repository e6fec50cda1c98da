// This file shows what was read in a mail that came back, its envelope, and on request the mail as it came.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearch } from '../address.ts';
import { inboundRawQuery } from '../api/inbound-queries.ts';
import { tenantQuery } from '../api/queries.ts';
import type { InboundMailDetail } from '../api/schema.gen.ts';
import { useClassNames } from '../class-words.ts';
import { A } from '../desk/a.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Facts } from '../desk/facts.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { faultOf } from '../states.ts';
import { deskWords } from '../words/desk.words.ts';
import { inboundWords, matchNames } from '../words/inbound.words.ts';
import { type ReadDetail, type ReadRecipient, readDetail } from './inbound-detail.ts';

type Fact = readonly [name: string, value: ReactNode];

export function InboundParts({ mail }: { readonly mail: InboundMailDetail }) {
  const detail = readDetail(mail.detail);
  const view = useSearch()['view'];
  return (
    <>
      {view === 'source' ? <AsItCame id={mail.id} /> : null}
      {mail.outcome === 'waiting' || mail.outcome === 'unreadable' ? null : <WhatWasRead detail={detail} />}
      <Envelope mail={mail} detail={detail} />
    </>
  );
}

function WhatWasRead({ detail }: { detail: ReadDetail }) {
  const words = useWords(inboundWords);
  const { recipients, complaint, challenge, matched } = detail;
  return (
    <Section id="read" title={words.readTitle} question={words.readQuestion}>
      <div className="stack">
        {complaint === null ? null : (
          <p>
            {words.complaint} {complaint === '' ? '' : words.complaintAs(complaint)}
          </p>
        )}
        {challenge ? <p>{words.challenge}</p> : null}
        {recipients.length === 0 ? <p className="mute">{words.nothingRead}</p> : null}
        {recipients.length === 0 ? null : (
          <div className="sheet">
            <table className="tbl flow">
              <caption className="sr">{words.readTitle}</caption>
              <thead>
                <tr>
                  <th scope="col">{words.address}</th>
                  <th scope="col">{words.verdict}</th>
                  <th scope="col">{words.said}</th>
                  <th scope="col">{words.rule}</th>
                </tr>
              </thead>
              <tbody>
                {recipients.map((row) => (
                  <Read key={`${row.address} ${row.diagnostic}`} row={row} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {matched.length === 0 ? null : (
          <Facts
            facts={matched.map(
              ({ address, messageId, recipientId }): Fact => [
                address,
                <A key={recipientId} href={paths.message(messageId, { recipient: recipientId })}>
                  {words.toMessage}
                </A>,
              ],
            )}
          />
        )}
      </div>
    </Section>
  );
}

function Read({ row }: { row: ReadRecipient }) {
  const words = useWords(inboundWords);
  const className = useClassNames();
  const fault = faultOf(row.fault);
  const follows = [row.hard ? words.hard : '', row.suppress ? words.holds : ''].filter((part) => part !== '').join(', ');
  return (
    <tr>
      <td className="head" data-l="">
        {row.address === null ? <span className="faint">·</span> : <A href={paths.messages({ address: row.address })}>{row.address}</A>}
      </td>
      <td data-l={words.verdict}>
        {row.class === null ? null : className(row.class)}
        {fault === null ? null : (
          <>
            <br />
            <FaultTag fault={fault} />
          </>
        )}
        {follows === '' ? null : <div className="small mute">{follows}</div>}
      </td>
      <td className="wire" data-l={words.said}>
        {row.diagnostic === '' ? row.codes : row.diagnostic}
      </td>
      <td className="wire mute" data-l={words.rule}>
        {row.rule}
      </td>
    </tr>
  );
}

function Envelope({ mail, detail }: { mail: InboundMailDetail; detail: ReadDetail }) {
  const words = useWords(inboundWords);
  const matches: Readonly<Record<string, string>> = useWords(matchNames);
  const format = useFormat();
  const { ofTenant } = usePerson();
  const tenant = useQuery({ ...tenantQuery(mail.tenant_id ?? ''), enabled: mail.tenant_id !== null && !ofTenant }).data;
  const read = mail.read_at === null ? [] : [mail.read_at];
  const facts: Fact[] = [
    [
      words.from,
      <span key="from" className="any">
        {mail.from}
      </span>,
    ],
    [words.envelopeFrom, mail.mail_from === '' ? words.nullSender : mail.mail_from],
    ...(mail.rcpt_to === ''
      ? []
      : [
          [
            words.rcptTo,
            <span key="to" className="wire any">
              {mail.rcpt_to}
            </span>,
          ] as const,
        ]),
    [
      words.source,
      mail.mailbox_id === null || ofTenant ? (
        sourceName(mail, words)
      ) : (
        <A key="box" href={paths.mailbox(mail.mailbox_id)}>
          {words.byMailbox}
        </A>
      ),
    ],
    ...(mail.remote_address === ''
      ? []
      : [
          [
            words.remote,
            <span key="ip" className="wire">
              {mail.remote_address}
            </span>,
          ] as const,
        ]),
    ...(detail.reportingMta === null
      ? []
      : [
          [
            words.reportingMta,
            <span key="mta" className="wire any">
              {detail.reportingMta}
            </span>,
          ] as const,
        ]),
    [words.size, format.bytes(mail.size)],
    [words.came, <Time key="came" at={mail.received_at} focusable />],
    ...read.map(
      (at): Fact => [
        words.readAt,
        <span key="read">
          <Time at={at} focusable />, {words.timesRead(mail.times_read)}
        </span>,
      ],
    ),
    ...(mail.matched_by === null ? [] : [[words.matchedBy, matches[mail.matched_by] ?? mail.matched_by] as const]),
    ...(mail.forwarded_message_id === null
      ? []
      : [
          [
            words.forwardedAs,
            <A key="on" href={paths.message(mail.forwarded_message_id)}>
              {words.aMessage}
            </A>,
          ] as const,
        ]),
    ...(mail.tenant_id === null || ofTenant
      ? []
      : [
          [
            words.tenant,
            <A key="tenant" href={paths.tenant(mail.tenant_id)}>
              {tenant?.name ?? words.look}
            </A>,
          ] as const,
        ]),
    ...(mail.note === null
      ? []
      : [
          [
            words.note,
            <span key="note" className="any">
              {mail.note}
            </span>,
          ] as const,
        ]),
  ];
  return (
    <Section id="facts" title={words.facts} question={words.factsQuestion}>
      <Facts facts={facts} />
    </Section>
  );
}

function sourceName(mail: InboundMailDetail, words: { readonly byDoor: string; readonly byMailbox: string }): string {
  return mail.source === 'smtp' ? words.byDoor : words.byMailbox;
}

function AsItCame({ id }: { id: string }) {
  const words = useWords(inboundWords);
  const desk = useWords(deskWords);
  const query = useQuery(inboundRawQuery(id));
  return (
    <Section id="source" title={words.asItCame} question={words.asItCameQuestion}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.asItCame} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? (
        query.error === null ? (
          <p className="mute asking">{desk.working}</p>
        ) : null
      ) : (
        // A box that scrolls has to be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region.
        <section className="sheet source" tabIndex={0} aria-label={words.wholeMail}>
          <pre className="wire">{query.data}</pre>
        </section>
      )}
    </Section>
  );
}
