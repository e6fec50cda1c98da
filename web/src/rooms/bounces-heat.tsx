// This file shows faults by mailbox provider as a table of tints; a cell leads to its words.
import type { Statistics, StatisticsRow } from '../api/feedback-model.ts';
import { FAULTS, type Fault } from '../api/model.ts';
import { useProviderNames } from '../class-words.ts';
import { A } from '../desk/a.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { Section } from '../desk/section.tsx';
import { useFormat } from '../desk/time.tsx';
import { type AnswerFilters, paths } from '../paths.ts';
import { knownRate } from '../rate.ts';
import { useWords } from '../screen.ts';
import { bouncesPartsWords } from '../words/bounces-parts.words.ts';
import { faultNames } from '../words/faults.words.ts';
import { without } from './answer-search.ts';
import { refusedOf } from './bounces.log.ts';

/** Columns with a name of their own; what is left is summed up as others. */
const COLUMNS_MAX = 6;

export function FaultHeat({ data, filters }: { readonly data: Statistics; readonly filters: AnswerFilters }) {
  const words = useWords(bouncesPartsWords);
  const names = useWords(faultNames);
  const format = useFormat();
  const providerName = useProviderNames();
  const sorted = data.data.filter((row) => refusedOf(row) > 0).sort((a, b) => refusedOf(b) - refusedOf(a));
  const shown = sorted.slice(0, sorted.length <= COLUMNS_MAX + 1 ? COLUMNS_MAX + 1 : COLUMNS_MAX);
  const rest = sorted.slice(shown.length);
  const faults = FAULTS.filter((fault) => countOf(data.total, fault) > 0);
  if (shown.length === 0 || faults.length === 0) return null;
  const most = Math.max(...shown.flatMap((row) => faults.map((fault) => countOf(row, fault))));
  const base = without(filters, 'after');
  const href = (row: StatisticsRow, fault: Fault) => `${paths.bounces({ ...base, fault, mailbox_provider: row.key })}#list`;
  const picked = (row: StatisticsRow, fault: Fault) => filters.fault === fault && filters.mailbox_provider === row.key;
  return (
    <Section id="where" title={words.where} question={words.whereQuestion}>
      {/* What scrolls is reached by the links inside it. */}
      <div className="sheet pad scroll">
        <table className="tbl heat">
          <caption className="sr">{words.heatCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.fault}</th>
              {shown.map((row) => (
                <th key={row.key} scope="col" className="num">
                  {providerName(row.key)}
                </th>
              ))}
              {rest.length === 0 ? null : (
                <th scope="col" className="num">
                  {words.others}
                </th>
              )}
              <th scope="col" className="num">
                {words.all}
              </th>
            </tr>
          </thead>
          <tbody>
            {faults.map((fault) => (
              <tr key={fault}>
                <th scope="row">
                  <FaultTag fault={fault} />
                </th>
                {shown.map((row) => {
                  const count = countOf(row, fault);
                  const at = providerName(row.key);
                  return (
                    <td key={row.key} className={`d${depth(count, most)} ${picked(row, fault) ? 'pick' : ''}`.trim()}>
                      {count === 0 ? (
                        <span>·</span>
                      ) : (
                        <A href={href(row, fault)} aria-label={words.cell(format.int(count), names[fault], at)}>
                          {format.int(count)}
                        </A>
                      )}
                    </td>
                  );
                })}
                {rest.length === 0 ? null : <td>{format.cell(rest.reduce((sum, row) => sum + countOf(row, fault), 0))}</td>}
                <td>
                  <b>{format.int(countOf(data.total, fault))}</b>
                </td>
              </tr>
            ))}
            <tr className="tot">
              <th scope="row">{words.ofThem}</th>
              {shown.map((row) => {
                const rate = knownRate(row.bounce_rate);
                return <td key={row.key}>{rate === null ? '·' : format.rate(rate)}</td>;
              })}
              {rest.length === 0 ? null : <td />}
              <td>{totalRate(data, format)}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function totalRate(data: Statistics, format: ReturnType<typeof useFormat>): string {
  const rate = knownRate(data.total.bounce_rate);
  return rate === null ? '·' : format.rate(rate);
}

function countOf(row: StatisticsRow, fault: Fault): number {
  return row.by_fault[fault] ?? 0;
}

/** Tints grow by powers, so that a single one among thousands is still seen. */
function depth(count: number, most: number): number {
  if (count === 0) return 0;
  if (count === most) return 5;
  return Math.min(4, 1 + Math.floor((4 * Math.log(count)) / Math.log(Math.max(2, most))));
}
