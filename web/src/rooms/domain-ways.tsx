// This file shows what receivers find on every way that mail of a domain could take, and which records open the better one.
import { useQuery } from '@tanstack/react-query';
import { alignmentQuery } from '../api/alignment-query.ts';
import type { Domain, DomainAlignment } from '../api/schema.gen.ts';
import { A } from '../desk/a.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Facts } from '../desk/facts.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { Note } from '../desk/note.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useScreen, useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { wayWords } from '../words/domain-ways.words.ts';
import { streamNames } from '../words/states.words.ts';
import { numberWord } from '../words/words.ts';
import { RecordTable } from './domain-records.tsx';

type Way = DomainAlignment['data'][number];
type Better = NonNullable<DomainAlignment['better']>;

/** So many records stand open: more would push the ways off the screen, and they stand in the table of records too. */
const OPEN_MAX = 2;
/** How providers write their own names. */
const MAKERS: Readonly<Record<string, string>> = { sparkpost: 'SparkPost', 'elastic-email': 'Elastic Email', mandrill: 'Mandrill' };

export function DomainWays({ domain }: { readonly domain: Domain }) {
  const words = useWords(wayWords);
  const { lang } = useScreen();
  const query = useQuery(alignmentQuery(domain, lang));
  return (
    <Section id="ways" title={words.title} question={words.question}>
      <div className="stack">
        {query.error === null ? null : <ErrorState error={query.error} what={words.what} onRetry={() => void query.refetch()} />}
        {query.isPending ? (
          <p className="mute" role="status">
            {words.asking}
          </p>
        ) : null}
        {query.data === undefined ? null : (
          <>
            {query.data.better === null ? null : <BetterWay better={query.data.better} name={domain.name} />}
            {query.data.data.length === 0 ? <NoWay /> : <Ways ways={query.data.data} />}
          </>
        )}
      </div>
    </Section>
  );
}

function NoWay() {
  const words = useWords(wayWords);
  const { role, ofTenant } = usePerson();
  const add = (
    <A className="btn" href={paths.newAccount()}>
      {words.addAccount}
    </A>
  );
  return (
    <Empty title={words.none} actions={ofTenant || role === 'viewer' ? undefined : add}>
      {ofTenant ? words.noneHowTenant : words.noneHow}
    </Empty>
  );
}

function BetterWay({ better, name }: { better: Better; name: string }) {
  const words = useWords(wayWords);
  const { lang } = useScreen();
  const count = better.records.length;
  const caption = words.records(numberWord(count, lang), count === 1);
  return (
    <Note
      under={
        <details open={count <= OPEN_MAX}>
          <summary>{caption}</summary>
          <div className="bar">
            <RecordTable rows={better.records} caption={caption} name={name} />
          </div>
        </details>
      }
    >
      {better.words} {better.account === undefined ? null : words.betterWay(better.account)}
    </Note>
  );
}

function Ways({ ways }: { ways: readonly Way[] }) {
  const words = useWords(wayWords);
  return (
    <div className="sheet">
      <table className="tbl flow ways">
        <caption className="sr">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.way}</th>
            <th scope="col">{words.headline}</th>
            <th scope="col">{words.takes}</th>
            <th scope="col">{words.seen}</th>
          </tr>
        </thead>
        <tbody>
          {ways.map((way, place) => (
            <Row key={way.account_id ?? `${way.provider} ${place}`} way={way} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ way }: { way: Way }) {
  const words = useWords(wayWords);
  const passes = way.dkim.aligned || way.spf.aligned;
  return (
    <tr>
      <td className="head" data-l="">
        <Name way={way} />
      </td>
      <td data-l={words.headline}>
        <div className={`st ${passes ? 'delivered' : 'bounced'}`}>
          <Glyph name={passes ? 'delivered' : 'bounced'} /> <span>{way.words.headline}</span>
        </div>
        {way.words.next === null ? null : <p>{way.words.next}</p>}
        <Details way={way} />
      </td>
      <td data-l={words.takes}>
        <Takes way={way} />
      </td>
      <td data-l={words.seen}>
        <Seen way={way} />
      </td>
    </tr>
  );
}

/** Accounts have names for operators; others see what kind of provider it is. */
function Name({ way }: { way: Way }) {
  const words = useWords(wayWords);
  if (way.account_id !== undefined) return <A href={paths.account(way.account_id)}>{way.account ?? way.provider}</A>;
  return way.provider === 'smtp' ? words.smtp : (MAKERS[way.provider] ?? way.provider);
}

function Takes({ way: { takes, streams } }: { way: Way }) {
  const words = useWords(wayWords);
  const names = useWords(streamNames);
  const [stream] = takes;
  if (stream === undefined) return <span className="mute">{words.takesNothing}</span>;
  return takes.length === 1 || streams.length === 1 ? words.takesOne(names[stream]) : words.takesBoth;
}

function Seen({ way: { seen, agrees } }: { way: Way }) {
  const words = useWords(wayWords);
  const format = useFormat();
  if (seen === null) return <span className="mute">{words.seenNothing}</span>;
  const said = agrees === null ? words.tooFew : agrees ? words.agrees : words.agreesNot;
  return (
    <>
      {words.seenOf(format.of(seen.aligned, seen.messages))}
      <div className={`small ${agrees === false ? 'st danger' : 'mute'}`}>{said}</div>
    </>
  );
}

function Details({ way }: { way: Way }) {
  const words = useWords(wayWords);
  return (
    <details>
      <summary>{words.details}</summary>
      <Facts
        facts={[
          [words.dkim, <Proof key="dkim" aligned={way.dkim.aligned} said={way.words.dkim} />],
          [words.spf, <Proof key="spf" aligned={way.spf.aligned} said={way.words.spf} />],
          [words.bulk, way.words.bulk],
        ]}
      />
    </details>
  );
}

function Proof({ aligned, said }: { aligned: boolean; said: string }) {
  const words = useWords(wayWords);
  return (
    <>
      <Glyph name={aligned ? 'yes' : 'no'} /> {aligned ? words.aligned : words.alignedNot}. {said}
    </>
  );
}
