// This file shows who sends in the name of a domain, grouped by what the machines are, with the reason where something fails and what to do.
import type { DmarcView, Source } from '../api/reports-model.ts';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { useWords } from '../screen.ts';
import { dmarcWords, sourceKinds } from '../words/reports.words.ts';
import { SourceJudgement } from './source-judgement.tsx';

const KINDS = ['ours', 'provider', 'forwarder', 'unknown'] as const;

export function DmarcSources({ view, id }: { readonly view: DmarcView; readonly id: string }) {
  const words = useWords(dmarcWords);
  const names = useWords(sourceKinds);
  if (view.sources.length === 0) return null;
  return (
    <>
      <Section id="sources" title={words.sources} question={words.sourcesQuestion}>
        <div className="sheet">
          <table className="tbl flow sources">
            <caption className="sr">{words.sources}</caption>
            <thead>
              <tr>
                <th scope="col">{words.source}</th>
                <th scope="col" className="num">
                  {words.messages}
                </th>
                <th scope="col" className="num">
                  {words.proven}
                </th>
                <th scope="col">{words.why}</th>
              </tr>
            </thead>
            {KINDS.map((kind) => {
              const inside = view.sources.filter((source) => source.kind === kind);
              return inside.length === 0 ? null : (
                <tbody key={kind}>
                  <tr className="part">
                    <th scope="rowgroup" colSpan={4}>
                      {names[kind]}
                    </th>
                  </tr>
                  {inside.map((source) => (
                    <SourceRow key={source.id ?? source.name} source={source} view={view} domain={id} />
                  ))}
                </tbody>
              );
            })}
          </table>
        </div>
      </Section>
      <Failures view={view} />
    </>
  );
}

function SourceRow({ source, view, domain }: { source: Source; view: DmarcView; domain: string }) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  const by = [
    source.dkim_aligned === 0 ? '' : `${format.int(source.dkim_aligned)} ${words.byDkim}`,
    source.spf_aligned === 0 ? '' : `${format.int(source.spf_aligned)} ${words.bySpf}`,
  ].filter((part) => part !== '');
  return (
    <tr>
      <td className="head" data-l="">
        <span className="any">{source.name}</span>
        <details hidden={source.ip_count === 0}>
          <summary>{words.addresses(source.ip_count, format.int(source.ip_count))}</summary>
          <ul className="small">
            {source.ips.map((one) => (
              <li key={one.ip}>
                <span className="wire any">{one.ip}</span> {one.ptr === null ? null : <span className="faint any">{one.ptr}</span>}{' '}
                {format.int(one.messages)}
              </li>
            ))}
          </ul>
        </details>
      </td>
      <td className="num" data-l={words.messages}>
        {format.int(source.messages)}
      </td>
      <td className="num" data-l={words.proven}>
        {format.cell(source.aligned)}
        {by.length === 0 ? null : <div className="small faint">{by.join(', ')}</div>}
      </td>
      <td data-l={words.why}>
        {source.why}
        {source.next_step === '' ? null : <div className="mute">{source.next_step}</div>}
        <SourceJudgement domain={domain} source={source} range={view} />
      </td>
    </tr>
  );
}

function Failures({ view }: { view: DmarcView }) {
  const words = useWords(dmarcWords);
  const format = useFormat();
  if (view.failures.length === 0) return null;
  return (
    <Section id="failures" title={words.failures} question={words.failuresQuestion}>
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.failures}</caption>
          <thead>
            <tr>
              <th scope="col">{words.source}</th>
              <th scope="col">{words.headerFrom}</th>
              <th scope="col" className="num">
                {words.messages}
              </th>
              <th scope="col">{words.why}</th>
            </tr>
          </thead>
          <tbody>
            {view.failures.map((failure) => (
              <tr key={`${failure.cause} ${failure.source} ${failure.header_from}`}>
                <td className="head any" data-l="">
                  {failure.label}
                </td>
                <td className="any" data-l={words.headerFrom}>
                  {failure.header_from}
                </td>
                <td className="num" data-l={words.messages}>
                  {format.int(failure.messages)}
                </td>
                <td data-l={words.why}>
                  {failure.why}
                  {failure.next_step === '' ? null : <div className="mute">{failure.next_step}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
