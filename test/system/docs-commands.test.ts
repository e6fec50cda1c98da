// This file runs the commands of the pages as they are written there, each page in one shell, against a desk of its own: what a reader pastes has to work.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PROGRAM, startDesk, testFolder } from '../support/desk.ts';

const ROOT = dirname(dirname(PROGRAM));
const absent = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
const skip = absent.length > 0 && `${absent.join(', ')} is not here`;
/** A page hangs only when something is wrong; its commands take seconds each on a busy machine. */
const PAGE_LIMIT_MS = 300_000;
/** Blocks that speak to the world: a mailbox and an application that exist nowhere, and checks of DNS. */
const OF_THE_WORLD = /imap\.example\.org|crm\.example\.org/;

const PAGES: Readonly<Record<string, RegExp>> = {
  'docs/API.md': /"outcome":"stored"[\s\S]+"smtp_password"[\s\S]+_domainkey\.choir\.example/,
  'docs/CIVICRM.md': /Failures are told by mail from now on[\s\S]+smtp_password/,
  'docs/SIMULATOR.md': /^member[\s\S]+sparkpost is out \(quota\)[\s\S]+Ended: sparkpost/m,
  'docs/providers/SUPPRESSION-LISTS.md': /push_holds +own-list/,
};

function blocksOf(page: string): string[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

test('the commands of the pages do what they say', { skip, timeout: 600_000 }, async (t) => {
  const desk = await startDesk(t);
  const folder = testFolder(t);
  writeFileSync(join(folder, 'report.xml.gz'), gzipSync(REPORT));
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${join(ROOT, 'bin')}:${process.env['PATH']}`,
    PACKETBOAT_DATA_DIR: desk.dataDir,
  };
  for (const [page, says] of Object.entries(PAGES)) {
    await t.test(page, () => {
      const blocks = blocksOf(page).filter((block) => !OF_THE_WORLD.test(block));
      assert.ok(blocks.length > 0, 'the page has no commands any more');
      const script = blocks.join('\n').replaceAll('./data/', `${desk.dataDir}/`);
      const run = spawnSync('bash', ['-eu', '-o', 'pipefail', '-c', script], {
        cwd: folder,
        env,
        encoding: 'utf8',
        timeout: PAGE_LIMIT_MS,
      });
      assert.equal(run.status, 0, `${script}\n${run.stdout}${run.stderr}`);
      assert.doesNotMatch(run.stdout, /"\/errors\//, 'no answer is a refusal');
      assert.match(run.stdout, says);
    });
  }
});

const REPORT = `<?xml version="1.0"?><feedback><report_metadata><org_name>receiver.example</org_name><email>dmarc@receiver.example</email>
<report_id>1</report_id><date_range><begin>1773100800</begin><end>1773187199</end></date_range></report_metadata>
<policy_published><domain>rowing-club.test</domain><p>none</p></policy_published>
<record><row><source_ip>192.0.2.7</source_ip><count>3</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>rowing-club.test</header_from></identifiers><auth_results><spf><domain>rowing-club.test</domain><result>pass</result></spf></auth_results></record></feedback>`;
