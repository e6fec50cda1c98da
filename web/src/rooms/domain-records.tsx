// This file is the table of a domain's records: what should stand there beside what was found, differences marked, each mistake named with what
// to do next, every cell to copy.
import type { Domain } from '../api/schema.gen.ts';
import { Copy } from '../desk/copy.tsx';
import { Glyph, type GlyphName } from '../desk/glyphs.tsx';
import { Section } from '../desk/section.tsx';
import { useWords } from '../screen.ts';
import { purposeNames, recordWords } from '../words/domains.words.ts';
import { differing } from './dns-diff.ts';

type DomainRecord = Domain['records'][number];

const GLYPHS = {
  ok: 'delivered',
  missing: 'bounced',
  different: 'bounced',
  conflict: 'bounced',
  unreachable: 'uncertain',
  unchecked: 'queued',
} as const satisfies Record<DomainRecord['state'], GlyphName>;
/** What DNS people call each purpose. */
const TERMS: Readonly<Record<string, string>> = {
  dkim: 'DKIM',
  spf: 'SPF',
  dmarc: 'DMARC',
  'mta-sts': 'MTA-STS',
  'tls-rpt': 'TLS-RPT',
};
const WRONG: ReadonlySet<DomainRecord['state']> = new Set(['missing', 'different', 'conflict']);

export function DomainRecords({ domain }: { readonly domain: Domain }) {
  const words = useWords(recordWords);
  const needed = domain.records.filter((record) => record.needed !== 'optional');
  const optional = domain.records.filter((record) => record.needed === 'optional');
  return (
    <Section id="records" title={words.title} question={words.question(domain.name)}>
      <div className="stack">
        <RecordTable rows={needed} caption={words.title} name={domain.name} />
        {optional.length === 0 ? null : (
          <details>
            <summary>{words.optional(optional.length)}</summary>
            <div className="bar">
              <RecordTable rows={optional} caption={words.optional(optional.length)} name={domain.name} />
            </div>
          </details>
        )}
      </div>
    </Section>
  );
}

interface RecordTableProps {
  readonly rows: readonly DomainRecord[];
  readonly caption: string;
  /** The domain's. */
  readonly name: string;
}

export function RecordTable({ rows, caption, name }: RecordTableProps) {
  const words = useWords(recordWords);
  return (
    <div className="sheet scroll">
      <table className="tbl dns flow">
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.forWhat}</th>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.host}</th>
            <th scope="col">{words.value}</th>
            <th scope="col">{words.found}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((record) => (
            <Row key={record.id} record={record} name={name} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ record, name }: { record: DomainRecord; name: string }) {
  const words = useWords(recordWords);
  const names = useWords(purposeNames);
  const glyph = GLYPHS[record.state];
  const bad = WRONG.has(record.state) && record.needed !== 'optional';
  const [first, ...others] = record.found;
  const add = others.length === 0 && first !== undefined && record.state !== 'ok' ? differing(record.value, first) : null;
  const term = TERMS[record.purpose];
  const weight = { required: words.required, recommended: words.recommended, optional: words.good }[record.needed];
  return (
    <tr className={bad ? 'bad' : undefined}>
      <td className="head" data-l="">
        <span className={`st ${glyph}`}>
          <Glyph name={glyph} /> {names[record.purpose]}
        </span>
        <div className="small faint">{term === undefined ? weight : `${term}, ${weight}`}</div>
      </td>
      <td className="wire" data-l={words.type}>
        {record.type}
      </td>
      <td data-l={words.host}>
        <Copy text={record.host} what={words.host}>
          <Host host={record.host} name={name} />
        </Copy>
      </td>
      <td data-l={words.value}>
        <Copy text={record.value} what={words.value}>
          {add === null ? undefined : (
            <>
              {add.before}
              <span className="add">{add.middle}</span>
              {add.after}
            </>
          )}
        </Copy>
      </td>
      <td data-l={words.found}>
        <Found record={record} />
      </td>
    </tr>
  );
}

/** The whole name; it may break where the domain begins, and nowhere else if it can. */
function Host({ host, name }: { host: string; name: string }) {
  if (!host.endsWith(`.${name}`)) return host;
  return (
    <>
      {host.slice(0, -name.length - 1)}
      <wbr />
      <span className="faint">.{name}</span>
    </>
  );
}

function Found({ record }: { record: DomainRecord }) {
  const words = useWords(recordWords);
  const { state, found, mistake } = record;
  if (state === 'ok') return <span className="mute">{words.same}</span>;
  if (state === 'unchecked') return <span className="mute">{words.unchecked}</span>;
  return (
    <>
      {found.map((text) => (
        <FoundText key={text} text={text} record={record} />
      ))}
      {found.length > 0 || mistake !== null ? null : (
        <span className="mute">{state === 'unreachable' ? words.unreachable : words.nothing}</span>
      )}
      {mistake === null ? null : (
        <p className="small">
          <b>{mistake.message}</b> <span className="mute">{mistake.next}</span>
        </p>
      )}
    </>
  );
}

function FoundText({ text, record }: { text: string; record: DomainRecord }) {
  const marked = record.found.length === 1 ? differing(text, record.value) : null;
  return (
    <div className="wire">
      {marked === null || marked.middle === '' ? (
        text
      ) : (
        <>
          {marked.before}
          <mark>{marked.middle}</mark>
          {marked.after}
        </>
      )}
    </div>
  );
}
