// This file is one mail that came back: what it is, whom it is about in the server's words, what followed, and how it came.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useObjectId, useSearch } from '../address.ts';
import { post } from '../api/client.ts';
import { inboundMailQuery } from '../api/inbound-queries.ts';
import type { InboundMailDetail } from '../api/schema.gen.ts';
import { can } from '../can.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { useEscapeBack } from '../desk/escape-back.ts';
import { AskedPage } from '../desk/page.tsx';
import { useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import type { Format } from '../format.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { inboundWords } from '../words/inbound.words.ts';
import { mailLine } from './inbound.log.ts';

// The sentence stands first; what was read is loaded while it is read.
const InboundParts = lazy(() => import('./inbound-parts.tsx').then((file) => ({ default: file.InboundParts })));

/** What was this mail, and what followed? */
export function logLine(mail: InboundMailDetail, format: Pick<Format, 'lang'>): string {
  return mailLine(mail, format);
}

export function OneInboundMail() {
  const words = useWords(inboundWords);
  const format = useFormat();
  const id = useObjectId();
  useEscapeBack(paths.inbound());
  const query = useQuery(inboundMailQuery(id));
  return (
    <AskedPage
      title={(mail) => (mail.subject === '' ? words.noSubject : mail.subject)}
      query={query}
      what={words.whatOne}
      asking={words.askingOne}
      crumb={<A href={paths.inbound()}>{words.title}</A>}
      line={(mail) => logLine(mail, format)}
    >
      {(mail) => (
        <>
          <p className="under any">{mail.subject === '' ? words.noSubject : mail.subject}</p>
          <Actions mail={mail} />
          <Suspense fallback={null}>
            <InboundParts mail={mail} />
          </Suspense>
        </>
      )}
    </AskedPage>
  );
}

function Actions({ mail }: { mail: InboundMailDetail }) {
  const words = useWords(inboundWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const person = usePerson();
  const router = useRouter();
  const client = useQueryClient();
  const shown = useSearch()['view'] === 'source';
  const replay = async () => {
    try {
      await post(`/v1/inbound-mails/${mail.id}/replay`);
      await client.invalidateQueries({ queryKey: ['inbound-mail', mail.id] });
      sayResult(words.replayed);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
  };
  return (
    <div className="btns bar">
      <Button door={can('replayInbound', mail.outcome, person, format.lang)} onClick={() => void replay()}>
        {words.replay}
      </Button>
      <Button kind="quiet" onClick={() => router.history.replace(paths.inboundMail(mail.id, shown ? undefined : 'source'))}>
        {shown ? words.hide : words.showSource}
      </Button>
    </div>
  );
}
