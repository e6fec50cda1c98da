// This file is `bench reports`: how many megabytes of aggregate reports are read in a second of CPU on one core, bare and packed, from a report that is generated
// from a seed (these figures are of this process alone); then a year of them stored and asked (reports-stored.ts).
import { gzipSync } from 'node:zlib';
import { bytesOf, readReports } from '../src/mail/domain-reports/read-reports.ts';
import { count, round, table } from './kit/figures.ts';
import type { Bench } from './kit/report.ts';
import { benchStored } from './reports-stored.ts';

const TITLE = 'DMARC reports read';
/** Agreed in issue 4. */
const AIM_MB_PER_S = 10;
const SEED = 4;
const RECORDS = 40_000;
const RECORDS_QUICK = 5_000;
const RUNS = 5;
const MB = 1e6;

export const benchReports: Bench = async ({ quick }) => {
  const xml = Buffer.from(generatedReport(quick ? RECORDS_QUICK : RECORDS, SEED));
  const packed = gzipSync(xml);
  const bare = await best(xml, quick);
  const gzip = await best(packed, quick);
  const speed = (seconds: number) => xml.length / MB / seconds;
  const faults = [bare, gzip].flatMap(({ cpuS, records }) => [
    ...(speed(cpuS) < AIM_MB_PER_S ? [`${round(speed(cpuS))} MB/s, agreed ${AIM_MB_PER_S}`] : []),
    ...(records === (quick ? RECORDS_QUICK : RECORDS) ? [] : [`${records} records read`]),
  ]);
  const row = (what: string, { cpuS, wallS, records }: Run) => [what, round(speed(cpuS), 1), round(speed(wallS), 1), count(records / cpuS)];
  const body = [
    `One report of ${count(RECORDS)} records, ${round(xml.length / MB, 1)} MB of XML (seed ${SEED}), the best of ${RUNS} runs; every record is built and handed out. Agreed: ${AIM_MB_PER_S} MB of XML a second.`,
    '',
    table(['input', 'MB of XML per CPU second', 'per second', 'records per CPU second'], [row('XML', bare), row('gzip', gzip)]),
  ].join('\n');
  const json = { xml_mb: round(xml.length / MB), xml_mb_per_cpu_s: round(speed(bare.cpuS)), gzip_mb_per_cpu_s: round(speed(gzip.cpuS)) };
  const readingRss = round(process.resourceUsage().maxRSS / 1024);
  const stored = await benchStored(quick);
  return {
    sections: [{ part: '', title: TITLE, body }, ...stored.sections],
    json: { ...json, max_rss_mb: readingRss, ...stored.json },
    faults: [...faults, ...stored.faults],
  };
};

interface Run {
  readonly cpuS: number;
  readonly wallS: number;
  readonly records: number;
}

async function best(bytes: Buffer, quick: boolean): Promise<Run> {
  let found: Run = { cpuS: Number.POSITIVE_INFINITY, wallS: Number.POSITIVE_INFINITY, records: 0 };
  for (let run = 0; run < (quick ? 1 : RUNS); run += 1) {
    let records = 0;
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const onRecord = () => {
      records += 1;
    };
    for await (const { error } of readReports(bytesOf(bytes), { onRecord })) if (error !== null) throw new Error(error.message);
    const { user, system } = process.cpuUsage(before);
    const cpuS = (user + system) / 1e6;
    if (cpuS < found.cpuS) found = { cpuS, wallS: (performance.now() - startedAt) / 1000, records };
  }
  return found;
}

/** Indented and as long-winded as large reporters write them. */
function generatedReport(records: number, seed: number): string {
  let state = seed;
  // A linear congruential generator: good enough for variety, the same everywhere.
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % limit;
  };
  const verdict = () => (below(4) === 0 ? 'fail' : 'pass');
  const parts = [
    '<?xml version="1.0" encoding="UTF-8" ?>\n<feedback>\n  <version>1.0</version>\n  <report_metadata>\n    <org_name>receiver.example</org_name>\n    <email>dmarc@receiver.example</email>\n' +
      '    <report_id>12345678901234567890</report_id>\n    <date_range>\n      <begin>1767225600</begin>\n      <end>1767311999</end>\n    </date_range>\n  </report_metadata>\n' +
      '  <policy_published>\n    <domain>verein.example</domain>\n    <adkim>r</adkim>\n    <aspf>r</aspf>\n    <p>none</p>\n    <sp>none</sp>\n    <pct>100</pct>\n  </policy_published>\n',
  ];
  for (let i = 0; i < records; i += 1) {
    const domain = `d${below(500)}.example`;
    parts.push(
      `  <record>\n    <row>\n      <source_ip>192.0.${below(256)}.${below(256)}</source_ip>\n      <count>${1 + below(900)}</count>\n      <policy_evaluated>\n        <disposition>none</disposition>\n` +
        `        <dkim>${verdict()}</dkim>\n        <spf>${verdict()}</spf>\n      </policy_evaluated>\n    </row>\n    <identifiers>\n      <envelope_from>bounce.${domain}</envelope_from>\n` +
        `      <header_from>${domain}</header_from>\n    </identifiers>\n    <auth_results>\n      <dkim>\n        <domain>${domain}</domain>\n        <selector>s${below(9)}</selector>\n        <result>${verdict()}</result>\n` +
        `      </dkim>\n      <spf>\n        <domain>bounce.${domain}</domain>\n        <scope>mfrom</scope>\n        <result>${verdict()}</result>\n      </spf>\n    </auth_results>\n  </record>\n`,
    );
  }
  return `${parts.join('')}</feedback>\n`;
}
