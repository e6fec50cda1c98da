// This file does the small arithmetic of the benchmarks, and writes tables.

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of `q` lies; linear between neighbours. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** Four digits say enough, and thousands are readable. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A Markdown table; numbers stand right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(String));
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[-+<≤]?[\d.,]+( ?%| ×)?$|^–$/.test(String(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(cells[0] ?? []), line(right.map((each) => (each ? '--:' : '---'))), ...cells.slice(1).map(line)].join('\n');
}
