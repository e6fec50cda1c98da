// This file is one bounce mailbox: can it be read, what did its server say, and its settings.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useObjectId } from '../address.ts';
import { patch, remove } from '../api/client.ts';
import { mailboxQuery } from '../api/inbound-queries.ts';
import type { Mailbox } from '../api/schema.gen.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { problemText } from '../desk/error-state.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { Facts } from '../desk/facts.tsx';
import { AskedPage } from '../desk/page.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { mailboxWords } from '../words/mailboxes.words.ts';
import { capital, pick } from '../words/words.ts';

const MailboxSettings = lazy(() => import('./mailbox-settings.tsx').then((file) => ({ default: file.MailboxSettings })));

/** Can it be read, and if not, when is it tried again? */
export function logLine(mailbox: Mailbox, format: Format, nowMs: number): string {
  const say = pick(mailboxWords, format.lang);
  if (mailbox.state === 'paused') return say.linePaused;
  if (mailbox.status === 'failing') {
    const times = say.times(mailbox.failures, format.int(mailbox.failures));
    return say.lineFailing(times, format.ahead(Math.max(nowMs, Date.parse(mailbox.next_look_at)), nowMs));
  }
  if (mailbox.last_read_at === null) return say.lineNew;
  return mailbox.mails_read === 0 ? say.lineReadNone : say.lineRead(say.mails(mailbox.mails_read, format.int(mailbox.mails_read)));
}

export function OneMailbox() {
  const words = useWords(mailboxWords);
  const format = useFormat();
  const now = useNow();
  const id = useObjectId(3);
  useEscapeBack(paths.mailboxes());
  const query = useQuery(mailboxQuery(id));
  return (
    <AskedPage
      title={(mailbox) => mailbox.name}
      query={query}
      what={words.whatOne}
      asking={words.askingOne}
      crumb={(mailbox) => (
        <>
          <A href={paths.mailboxes()}>{words.title}</A>
          <span className="any">{mailbox.name}</span>
        </>
      )}
      line={(mailbox) => logLine(mailbox, format, now)}
    >
      {(mailbox) => (
        <>
          <Actions mailbox={mailbox} />
          <State mailbox={mailbox} />
          <Suspense fallback={null}>
            <MailboxSettings key={mailbox.id} mailbox={mailbox} />
          </Suspense>
        </>
      )}
    </AskedPage>
  );
}

function Actions({ mailbox }: { mailbox: Mailbox }) {
  const words = useWords(mailboxWords);
  const desk = useWords(deskWords);
  const person = usePerson();
  const router = useRouter();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['mailboxes'] });
  const set = async (state: 'active' | 'paused', undo: boolean) => {
    try {
      await patch(`/v1/mailboxes/${mailbox.id}`, { state });
      const back = () => void set(state === 'active' ? 'paused' : 'active', false);
      sayResult((state === 'active' ? words.resumed : words.pausedNow)(mailbox.name), undo ? back : undefined);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await renew();
  };
  const drop = async () => {
    await remove(`/v1/mailboxes/${mailbox.id}`);
    router.history.push(paths.mailboxes());
    sayResult(words.removed(mailbox.name));
    await renew();
  };
  const door = mayMake('mailbox', person) ? ({ door: 'open' } as const) : ({ door: 'absent' } as const);
  const paused = mailbox.state === 'paused';
  return (
    <div className="btns bar">
      <Button kind={paused ? 'main' : 'plain'} door={door} onClick={() => void set(paused ? 'active' : 'paused', true)}>
        {paused ? words.resume : words.pause}
      </Button>
      <A className="btn" href={paths.inbound({ mailbox: mailbox.id })}>
        {words.toMails}
      </A>
      <Confirm
        label={words.remove}
        kind="quiet"
        door={door}
        title={words.removeTitle(mailbox.name)}
        body={words.removeBody}
        verb={words.remove}
        act={drop}
      />
    </div>
  );
}

function State({ mailbox }: { mailbox: Mailbox }) {
  const words = useWords(mailboxWords);
  const format = useFormat();
  const time = (name: string, at: string | null) => (at === null ? [] : [[name, <Time key={name} at={at} focusable />] as const]);
  const said =
    mailbox.last_error === null
      ? []
      : [
          [
            words.said,
            <p key="said" className="said">
              {mailbox.last_error}
            </p>,
          ] as const,
        ];
  return (
    <Section id="state" title={words.stateTitle} question={words.stateQuestion}>
      <Facts
        facts={[
          [words.status, capital(words[mailbox.status])],
          ...said,
          ...time(words.saidAt, mailbox.last_error_at),
          [words.mailsRead, format.int(mailbox.mails_read)],
          ...time(words.lastRead, mailbox.last_read_at),
          ...(mailbox.state === 'paused' ? [] : time(words.nextLook, mailbox.next_look_at)),
          ...time(words.since, mailbox.created_at),
        ]}
      />
    </Section>
  );
}
