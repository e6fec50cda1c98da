// This file is one message: where is it, why did it go that way, what happens next?
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useObjectId } from '../address.ts';
import { post } from '../api/client.ts';
import type { Message, Recipient } from '../api/model.ts';
import { messageQuery } from '../api/queries.ts';
import { can } from '../can.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { Copy } from '../desk/copy.tsx';
import { Empty } from '../desk/empty.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { WhyThisWay } from '../desk/why-this-way.tsx';
import { notePlace } from '../frame/recent.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { streamNames } from '../words/mail.ts';
import { messageWords } from '../words/message.ts';
import { messagesWords } from '../words/messages.ts';
import { logLine } from './message.log.ts';
import { Letter } from './message-letter.tsx';
import { Passages } from './message-passages.tsx';

export { logLine };

export function OneMessage() {
  const words = useWords(messageWords);
  const list = useWords(messagesWords);
  const format = useFormat();
  const now = useNow();
  const id = useObjectId();
  const { ofTenant } = usePerson();
  const query = useQuery(messageQuery(id));
  const subject = query.data?.subject;
  useEffect(() => {
    if (subject !== undefined) notePlace(subject === '' ? list.noSubject : subject, paths.message(id));
  }, [subject, id, list]);
  return (
    <AskedPage
      title={(message) => (message.subject === '' ? list.noSubject : message.subject)}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={(message) => (
        <>
          <A href={paths.messages()}>{ofTenant ? list.findPerson : list.title}</A>
          {ofTenant ? null : <A href={paths.tenant(message.tenant_id)}>{message.tenant_name}</A>}
          <span className="wire any">{message.id}</span>
        </>
      )}
      line={(message) => logLine(message, format, now)}
    >
      {(message) => (
        <>
          <Under message={message} />
          <Actions message={message} />
          <Passages message={message} />
          {ofTenant ? null : <Why recipients={message.recipients} />}
          <Letter message={message} />
        </>
      )}
    </AskedPage>
  );
}

function Under({ message }: { message: Message }) {
  const words = useWords(messageWords);
  const streams = useWords(streamNames);
  const format = useFormat();
  const now = useNow();
  const subject = message.subject === '' ? words.noSubject : message.subject;
  const credential = message.credential;
  return (
    <p className="under">
      {words.under(subject, streams[message.stream], message.from, format.moment(Date.parse(message.created_at), now))}
      {credential === null ? '.' : words.byCredential(credential.name === '' ? credential.kind : credential.name)}
    </p>
  );
}

function Actions({ message }: { message: Message }) {
  const words = useWords(messageWords);
  const format = useFormat();
  const person = usePerson();
  const client = useQueryClient();
  const doors = message.recipients.map((recipient) => can('cancelRecipient', recipient.state, person, format.lang));
  const still = doors.filter((door) => door.door === 'open').length;
  const first = doors[0] ?? { door: 'absent' as const };
  const cancel = async () => {
    await post(`/v1/messages/${message.id}/cancel`);
    await client.invalidateQueries({ queryKey: ['message', message.id] });
    sayResult(words.cancelled(still));
  };
  return (
    <div className="btns bar">
      <Confirm
        label={words.cancel}
        door={still > 0 ? { door: 'open' } : first}
        title={words.cancelTitle}
        body={words.cancelBody(words.recipients(still), words.others(message.recipients.length - still))}
        verb={words.cancelVerb(still)}
        act={cancel}
      />
      <a className="btn quiet" href={`/v1/messages/${message.id}`} target="_blank" rel="noreferrer">
        {words.asJson}
      </a>
      <span className="cell">
        <span className="mute small">{words.copyLink}</span>
        <Copy bare text={`${location.origin}${paths.message(message.id)}`} what={words.copyLink} />
      </span>
    </div>
  );
}

/** Decisions that are the same are shown once, with whom they were made for. */
function Why({ recipients }: { recipients: readonly Recipient[] }) {
  const words = useWords(messageWords);
  const groups = new Map<string, { decision: NonNullable<Recipient['decision']>; addresses: string[] }>();
  for (const { decision, address } of recipients) {
    if (decision === null) continue;
    const key = JSON.stringify(decision);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { decision, addresses: [address] });
    else group.addresses.push(address);
  }
  const list = [...groups.values()].slice(0, DECISIONS_MAX);
  return (
    <Section id="why" title={words.why} {...(list.length === 1 ? { question: words.whyAll } : {})}>
      {list.length === 0 ? <Empty title={words.whyNone}>{words.whyNoneHow}</Empty> : null}
      <div className="stack">
        {list.map(({ decision, addresses }) => (
          <div key={addresses[0]} className="stack">
            {list.length === 1 ? null : <p className="mute any">{words.whyFor(addresses.slice(0, ADDRESSES_MAX).join(', ') + (addresses.length > ADDRESSES_MAX ? ' …' : ''))}</p>}
            {decision.held_because === null ? null : (
              <p>
                <b>{words.heldBecause}</b> {decision.held_because}
              </p>
            )}
            <WhyThisWay decision={decision} />
          </div>
        ))}
      </div>
    </Section>
  );
}

/** Different decisions and addresses of one that a person can take in at a glance; each lane names its own account anyway. */
const DECISIONS_MAX = 4;
const ADDRESSES_MAX = 5;
