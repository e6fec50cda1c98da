// This file keeps docs/ERRORS.md: status, SMTP reply and hint come from the catalogue, the meaning of each code is written by hand in the
// page and kept. A retired code stays listed, so that it is never used again for something else.
import { ERROR_CATALOGUE } from '../../src/errors.ts';

const ROW = /^\| `([A-Z0-9_]+)` \| ([^|]*) \|/;
const RETIRED = '## Retired codes';

interface Entry {
  readonly status: number;
  readonly smtp?: readonly [number, string];
  readonly retryable?: true;
  readonly hint: string;
}

/** Prints the page anew, keeping the meanings and retired codes of `previous`. */
export function renderErrorsPage(previous: string): string {
  const { meanings, retired } = readErrorsPage(previous);
  const rows = Object.entries(ERROR_CATALOGUE).map(([code, entry]: [string, Entry]) => {
    const smtp = entry.smtp ? entry.smtp.join(' ') : '–';
    const again = entry.retryable ? 'yes' : 'no';
    return `| \`${code}\` | ${meanings.get(code) ?? ''} | ${entry.status} | ${smtp} | ${again} | ${entry.hint.replaceAll('|', '\\|')} |`;
  });
  return `# Error codes

Every refusal carries one of these codes. Match on the code, never on the sentence beside it. HTTP answers are RFC 9457 problems with
\`code\` and \`hint\`; an SMTP door answers with the reply given here; the command line prints the hint last and exits with 1 (2 for a
wrong form of the command). "Again" says whether the same request may work later unchanged.

\`node scripts/docs.ts\` refreshes all columns but the meaning from \`src/errors.ts\`; a test holds page and catalogue against each other.

| Code | What it means | HTTP | SMTP | Again | What to do |
|---|---|---|---|---|---|
${rows.join('\n')}

${RETIRED}

A retired code is never used again.

${retired.length === 0 ? 'None yet.' : retired.map((line) => line).join('\n')}
`;
}

/** What is wrong with the page, one sentence each. */
export function checkErrorsPage(page: string): string[] {
  const faults: string[] = [];
  const { meanings, retired } = readErrorsPage(page);
  for (const code of Object.keys(ERROR_CATALOGUE)) {
    if (!meanings.has(code)) faults.push(`${code} is in src/errors.ts but not in docs/ERRORS.md; run "node scripts/docs.ts"`);
    else if (meanings.get(code) === '') faults.push(`${code} has no meaning in docs/ERRORS.md; write one`);
    if (retired.some((line) => line.includes(`\`${code}\``))) faults.push(`${code} is retired and may not be used again`);
  }
  for (const code of meanings.keys()) {
    if (!Object.hasOwn(ERROR_CATALOGUE, code))
      faults.push(`${code} is in docs/ERRORS.md but not in src/errors.ts; move it to "Retired codes"`);
  }
  if (faults.length === 0 && renderErrorsPage(page) !== page) faults.push('docs/ERRORS.md is not fresh; run "node scripts/docs.ts"');
  return faults;
}

function readErrorsPage(page: string): { meanings: Map<string, string>; retired: string[] } {
  const [table = '', tail = ''] = page.split(RETIRED);
  const meanings = new Map<string, string>();
  for (const line of table.split('\n')) {
    const [, code, meaning] = ROW.exec(line) ?? [];
    if (code !== undefined) meanings.set(code, (meaning ?? '').trim());
  }
  return { meanings, retired: tail.split('\n').filter((line) => line.startsWith('- `')) };
}
