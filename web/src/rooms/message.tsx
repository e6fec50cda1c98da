// This file is one message: where is it, why did it go that way, what happens next?
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useObjectId } from '../address.ts';
import { credentialQuery, messageQuery } from '../api/mail-queries.ts';
import { messageOf } from '../api/message.ts';
import type { Message } from '../api/model.ts';
import { accountsQuery } from '../api/way-queries.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { notePlace } from '../frame/recent.ts';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { frameWords } from '../words/frame.words.ts';
import { messageWords } from '../words/message.words.ts';
import { streamNames } from '../words/states.words.ts';
import { logLine } from './message.log.ts';

export { logLine };

// The sentence stands first; what proves it is loaded while it is read.
const MessageActions = lazy(() => import('./message-actions.tsx').then((file) => ({ default: file.MessageActions })));
const Passages = lazy(() => import('./message-passages.tsx').then((file) => ({ default: file.Passages })));
const Why = lazy(() => import('./message-why.tsx').then((file) => ({ default: file.Why })));
const Letter = lazy(() => import('./message-letter.tsx').then((file) => ({ default: file.Letter })));

export function OneMessage() {
  const words = useWords(messageWords);
  const frame = useWords(frameWords);
  const format = useFormat();
  const now = useNow();
  const id = useObjectId();
  useEscapeBack(paths.messages());
  const { ofTenant } = usePerson();
  const query = useQuery(messageQuery(id, useScreen().lang));
  const accounts = useQuery({ ...accountsQuery, enabled: !ofTenant, refetchInterval: false });
  const names = useMemo(() => new Map((accounts.data?.data ?? []).map((account) => [account.id, account.name])), [accounts.data]);
  const subject = query.data?.subject;
  useEffect(() => {
    if (subject !== undefined) notePlace(subject === '' ? words.noSubject : subject, paths.message(id));
  }, [subject, id, words]);
  return (
    <AskedPage
      title={(message) => (message.subject === '' ? words.noSubject : message.subject)}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={(message) => (
        <>
          <A href={paths.messages()}>{ofTenant ? frame.findPerson : frame.messages}</A>
          {ofTenant ? null : <A href={paths.tenant(message.tenant_id)}>{message.tenant_name}</A>}
          <span className="wire any">{message.id}</span>
        </>
      )}
      line={(detail) => logLine(messageOf(detail, names, ofTenant), format, now)}
      lineWaits={accounts.isLoading}
    >
      {(detail) => {
        const message = messageOf(detail, names, ofTenant);
        return (
          <>
            <Under message={message} />
            <Suspense fallback={null}>
              <MessageActions message={message} />
              <Passages message={message} />
              {ofTenant ? null : <Why recipients={message.recipients} />}
              <Letter message={message} />
            </Suspense>
          </>
        );
      }}
    </AskedPage>
  );
}

function Under({ message }: { message: Message }) {
  const words = useWords(messageWords);
  const streams = useWords(streamNames);
  const format = useFormat();
  const now = useNow();
  const subject = message.subject === '' ? words.noSubject : message.subject;
  const credential = useQuery({ ...credentialQuery(message.credential_id ?? ''), enabled: message.credential_id !== null }).data;
  return (
    <p className="under">
      {words.under(subject, streams[message.stream], message.from, format.moment(Date.parse(message.created_at), now))}
      {credential === undefined
        ? '.'
        : words.byCredential(credential.name === '' ? (credential.handle ?? credential.kind) : credential.name)}
    </p>
  );
}
