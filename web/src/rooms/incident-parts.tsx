// This file is the evidence on an incident: what and whom it is about, and the receivers' own words.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Incident } from '../api/feedback-model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { useClassNames, useProviderNames } from '../class-words.ts';
import { A } from '../desk/a.tsx';
import { Facts } from '../desk/facts.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { faultOf } from '../states.ts';
import { incidentsWords } from '../words/incidents.words.ts';

export function IncidentParts({ incident }: { readonly incident: Incident }) {
  return (
    <>
      <What incident={incident} />
      <Words incident={incident} />
    </>
  );
}

function What({ incident }: { incident: Incident }) {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const providerName = useProviderNames();
  const fault = faultOf(incident.fault);
  const { account, pool, mailbox_provider: provider, domain, message } = incident.subject;
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant && incident.tenant_id !== null });
  const tenant = tenants.data?.data.find((row) => row.id === incident.tenant_id);
  const named: (readonly [string, ReactNode])[] = [
    ...(provider === undefined ? [] : [[words.mailbox_provider, providerName(provider)] as const]),
    ...(account === undefined
      ? []
      : [
          [
            words.account,
            ofTenant ? (
              account.name
            ) : (
              <A key="account" href={paths.account(account.id)}>
                {account.name}
              </A>
            ),
          ] as const,
        ]),
    ...(pool === undefined ? [] : [[words.pool, pool.name] as const]),
    ...(domain === undefined
      ? []
      : [
          [
            words.domain,
            <A key="domain" href={paths.domains({ name: domain })}>
              {domain}
            </A>,
          ] as const,
        ]),
    ...(message === undefined
      ? []
      : [
          [
            words.mailing,
            <A key="message" href={paths.message(message.id)}>
              {message.subject === '' ? words.noSubject : message.subject}
            </A>,
          ] as const,
        ]),
  ];
  const time = (at: string | null, name: string) => (at === null ? [] : [[name, <Time key={name} at={at} focusable />] as const]);
  return (
    <Section id="facts" title={words.facts} question={words.factsQuestion}>
      <Facts
        facts={[
          ...(fault === null ? [] : [[words.turn, <FaultTag key="fault" fault={fault} />] as const]),
          ...named,
          ...(incident.tenant_id === null || ofTenant
            ? []
            : [
                [
                  words.tenant,
                  <A key="tenant" href={paths.tenant(incident.tenant_id)}>
                    {tenant?.name ?? words.look}
                  </A>,
                ] as const,
              ]),
          [
            words.messages,
            `${format.int(incident.messages)}${incident.rerouted === 0 ? '' : `, ${words.rerouted(incident.rerouted, format.int(incident.rerouted))}`}`,
          ],
          ...time(incident.opened_at, words.opened),
          ...time(incident.last_seen_at, words.lastSeen),
          ...time(incident.closed_at, words.closedAt),
          ...(incident.closed_why === null ? [] : [[words.closeWhy, incident.closed_why] as const]),
          ...(ofTenant ? [] : [[words.by, incident.acknowledged_by ?? words.nobodyOnIt] as const]),
        ]}
      />
    </Section>
  );
}

function Words({ incident }: { incident: Incident }) {
  const words = useWords(incidentsWords);
  const format = useFormat();
  const className = useClassNames();
  const fault = faultOf(incident.fault);
  return (
    <Section
      id="words"
      title={words.words}
      question={words.wordsQuestion}
      actions={
        fault === null ? undefined : (
          <A className="btn" href={`${paths.bounces({ fault, ...atOf(incident) })}#list`}>
            {words.toBounces}
          </A>
        )
      }
    >
      {incident.evidence.length === 0 ? (
        <p className="mute">{words.noWords}</p>
      ) : (
        <div className="sheet">
          <table className="tbl flow">
            <caption className="sr">{words.words}</caption>
            <thead>
              <tr>
                <th scope="col">{words.said}</th>
                <th scope="col" className="num">
                  {words.times}
                </th>
                <th scope="col">{words.last}</th>
                <th scope="col">{words.read}</th>
              </tr>
            </thead>
            <tbody>
              {incident.evidence.map((one) => (
                <tr key={`${one.reply}${one.at}`}>
                  <td className="wire" data-l={words.said}>
                    {one.reply ?? <span className="faint">{words.saidNothing}</span>}
                  </td>
                  <td className="num" data-l={words.times}>
                    {format.int(one.count)}
                  </td>
                  <td data-l={words.last}>
                    <Time at={one.at} />
                  </td>
                  <td data-l={words.read}>{one.class === null ? null : className(one.class)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function atOf({ subject }: Incident): { mailbox_provider?: string } {
  return subject.mailbox_provider === undefined ? {} : { mailbox_provider: subject.mailbox_provider };
}
