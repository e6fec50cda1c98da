// This file shows the message itself: its facts, and on request how it looks (in a sandbox without scripts and without pictures from
// elsewhere) or its source.
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useSearch } from '../address.ts';
import { previewQuery, sourceQuery } from '../api/mail-queries.ts';
import type { Message, Preview } from '../api/model.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { Copy } from '../desk/copy.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Facts } from '../desk/facts.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { partWords } from '../words/message-parts.words.ts';
import { lacksPictures, mailDocument } from './mail-document.ts';

export function Letter({ message }: { readonly message: Message }) {
  const words = useWords(partWords);
  const format = useFormat();
  const router = useRouter();
  const { ofTenant } = usePerson();
  const view = useSearch()['view'];
  const look = (next: 'preview' | 'source' | undefined) =>
    router.history.replace(paths.message(message.id, next === undefined ? {} : { view: next }));
  const metadata = Object.entries(message.metadata ?? {});
  return (
    <Section
      id="message"
      title={words.message}
      question={words.messageQuestion}
      actions={
        <>
          {view === 'preview' ? null : <Button onClick={() => look('preview')}>{words.showPreview}</Button>}
          {view === 'source' ? null : <Button onClick={() => look('source')}>{words.showSource}</Button>}
          {view === undefined ? null : (
            <Button kind="quiet" onClick={() => look(undefined)}>
              {words.hide}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <Facts
          facts={[
            [words.size, format.bytes(message.size)],
            ...(ofTenant
              ? []
              : [
                  [
                    words.tenant,
                    <A key="tenant" href={paths.tenant(message.tenant_id)}>
                      {message.tenant_name}
                    </A>,
                  ] as const,
                ]),
            [words.envelope, message.mail_from === '' ? words.nullSender : message.mail_from],
            [words.messageId, <Copy key="id" text={message.header_message_id} what={words.messageId} />],
            ...(message.tags.length === 0 ? [] : [[words.tags, message.tags.join(', ')] as const]),
            ...(metadata.length === 0 ? [] : [[words.metadata, metadata.map(([key, value]) => `${key}: ${value}`).join(', ')] as const]),
          ]}
        />
        {view === 'preview' ? <PreviewOf id={message.id} /> : null}
        {view === 'source' ? <SourceOf id={message.id} /> : null}
      </div>
    </Section>
  );
}

function SourceOf({ id }: { id: string }) {
  const words = useWords(partWords);
  const desk = useWords(deskWords);
  const query = useQuery(sourceQuery(id));
  if (query.error !== null) return <ErrorState error={query.error} what={words.source} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <p className="mute asking">{desk.working}</p>;
  return (
    // A box that scrolls has to be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region.
    <section className="sheet source" tabIndex={0} aria-label={words.source}>
      <pre className="wire">{query.data}</pre>
    </section>
  );
}

function PreviewOf({ id }: { id: string }) {
  const words = useWords(partWords);
  const desk = useWords(deskWords);
  const query = useQuery(previewQuery(id));
  if (query.error !== null) return <ErrorState error={query.error} what={words.preview} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <p className="mute asking">{desk.working}</p>;
  return <Looks preview={query.data} />;
}

function Looks({ preview }: { preview: Preview }) {
  const words = useWords(partWords);
  const format = useFormat();
  const { html, text, attachments } = preview;
  const files = attachments.map(
    (file) => `${file.filename === '' ? words.unnamed : file.filename} (${file.content_type}, ${format.bytes(file.size)})`,
  );
  return (
    <>
      {html !== null && lacksPictures(html) ? <p className="mute">{words.remoteHidden}</p> : null}
      {html === null ? null : (
        <iframe className="frame-mail" title={words.previewFrame} sandbox="" referrerPolicy="no-referrer" srcDoc={mailDocument(html)} />
      )}
      {html !== null || text === null ? null : <pre className="sheet source">{text}</pre>}
      {html === null && text === null ? <p className="mute">{words.noBody}</p> : null}
      {files.length === 0 ? null : <p className="mute any">{words.attachments(files.join(', '))}</p>}
    </>
  );
}
