// This file is Bounce mailboxes: which mailboxes are read for reports, and can each be read?
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { mailboxesQuery } from '../api/inbound-queries.ts';
import type { Page } from '../api/model.ts';
import type { Mailbox } from '../api/schema.gen.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { mayMake } from '../person.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { inboundWords } from '../words/inbound.words.ts';
import { mailboxWords } from '../words/mailboxes.words.ts';
import { pick, plain } from '../words/words.ts';

const MailboxTable = lazy(() => import('./mailbox-table.tsx').then((file) => ({ default: file.MailboxTable })));

/** Can every mailbox be read? Worst first. */
export function logLine(page: Page<Mailbox>, format: Pick<Format, 'lang'>): string {
  const say = pick(mailboxWords, format.lang);
  const ill = page.data.filter((mailbox) => mailbox.status === 'failing');
  const [first] = ill;
  if (page.data.length === 0) return say.none;
  if (first !== undefined) {
    return ill.length === 1 ? say.oneFails(plain(first.name), paths.mailbox(first.id)) : say.someFail(ill.length, page.data.length);
  }
  const active = page.data.filter((mailbox) => mailbox.state === 'active').length;
  return active === 0 ? say.allPaused : say.allRead(active);
}

export function Mailboxes() {
  const words = useWords(mailboxWords);
  const inbound = useWords(inboundWords);
  const format = useFormat();
  const person = usePerson();
  const query = useQuery(mailboxesQuery);
  return (
    <AskedPage
      title={words.title}
      query={query}
      what={words.what}
      asking={words.asking}
      crumb={<A href={paths.inbound()}>{inbound.title}</A>}
      line={(page) => logLine(page, format)}
      above={
        mayMake('mailbox', person) ? (
          <div className="btns bar">
            <A className="btn" href={paths.newMailbox()}>
              {words.add}
            </A>
          </div>
        ) : null
      }
    >
      {(page) => (
        <div className="bar" id="list">
          {page.data.length === 0 ? (
            <Empty title={words.none}>{words.noneHow}</Empty>
          ) : (
            <Suspense fallback={null}>
              <MailboxTable page={page} />
            </Suspense>
          )}
        </div>
      )}
    </AskedPage>
  );
}
