// This file shows what receivers find on every way that mail of a domain could take, and which records open the better one.
import { useQuery } from '@tanstack/react-query';
import { alignmentQuery } from '../api/domain-queries.ts';
import type { Domain, DomainAlignment } from '../api/schema.gen.ts';
import { A } from '../desk/a.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { Note } from '../desk/note.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { purposeNames, wayWords } from '../words/domains.ts';

type Way = DomainAlignment['data'][number];

export function DomainWays({ domain }: { readonly domain: Domain }) {
  const words = useWords(wayWords);
  const { lang } = useScreen();
  const query = useQuery(alignmentQuery(domain.id, lang));
  const better = query.data?.better ?? null;
  return (
    <Section id="ways" title={words.title} question={words.question}>
      <div className="stack">
        {query.error === null ? null : <ErrorState error={query.error} what={words.title} onRetry={() => void query.refetch()} />}
        {query.data === undefined ? null : query.data.data.length === 0 ? (
          <p className="mute">{words.none}</p>
        ) : (
          <Ways ways={query.data.data} />
        )}
        {better === null ? null : (
          <Note>
            {better.words} <Publish records={better.records} />
          </Note>
        )}
      </div>
    </Section>
  );
}

function Publish({ records }: { records: Way['records'] }) {
  const words = useWords(wayWords);
  const names = useWords(purposeNames);
  if (records.length === 0) return null;
  return (
    <A href="#records">
      {words.toPublish}: {records.map((record) => names[record.purpose]).join(', ')}
    </A>
  );
}

function Ways({ ways }: { ways: readonly Way[] }) {
  const words = useWords(wayWords);
  return (
    <div className="sheet scroll">
      <table className="tbl flow">
        <caption className="sr">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.way}</th>
            <th scope="col">{words.dmarc}</th>
            <th scope="col">{words.dkim}</th>
            <th scope="col">{words.spf}</th>
            <th scope="col">{words.bulk}</th>
            <th scope="col">{words.seen}</th>
          </tr>
        </thead>
        <tbody>
          {ways.map((way) => (
            <Row key={`${way.account_id ?? way.provider} ${way.pool ?? ''}`} way={way} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ way }: { way: Way }) {
  const words = useWords(wayWords);
  const format = useFormat();
  return (
    <tr className={way.takes.length > 0 ? 'at' : undefined}>
      <td className="head" data-l="">
        {way.account_id === undefined ? way.provider : <A href={paths.account(way.account_id)}>{way.account ?? way.provider}</A>}
        {way.takes.length === 0 ? null : <span className="small faint"> {words.takes}</span>}
        <div className="small mute">{way.words.headline}</div>
      </td>
      <td data-l={words.dmarc}>
        {way.dmarc === 'none' ? (
          <span className="mute">{words.noPolicy}</span>
        ) : (
          <span className={`nw st ${way.dmarc === 'pass' ? 'delivered' : 'bounced'}`}>
            <Glyph name={way.dmarc === 'pass' ? 'delivered' : 'bounced'} /> {words[way.dmarc]}
          </span>
        )}
      </td>
      <td data-l={words.dkim}>
        <Proof aligned={way.dkim.aligned} said={way.words.dkim} />
      </td>
      <td data-l={words.spf}>
        <Proof aligned={way.spf.aligned} said={way.words.spf} />
      </td>
      <td data-l={words.bulk}>
        <span className="small">{way.words.bulk}</span>
      </td>
      <td data-l={words.seen}>
        {way.seen === null ? <span className="mute">·</span> : format.of(way.seen.aligned, way.seen.messages)}
        {way.agrees === false ? <div className="small danger">{words.differs}</div> : null}
      </td>
    </tr>
  );
}

function Proof({ aligned, said }: { aligned: boolean; said: string }) {
  const words = useWords(wayWords);
  return (
    <>
      <Glyph name={aligned ? 'yes' : 'no'} /> {aligned ? words.agrees : words.agreesNot}
      <div className="small mute">{said}</div>
    </>
  );
}
