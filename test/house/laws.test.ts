// This file plants one violation of each rule in a small house and checks that the checker finds it, and finds nothing in a clean one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkCalls } from '../../scripts/checks/calls.ts';
import { checkImports, importsOf } from '../../scripts/checks/imports.ts';
import { checkMachine } from '../../scripts/checks/machine.ts';
import { checkPages } from '../../scripts/checks/pages.ts';
import { checkShape } from '../../scripts/checks/shape.ts';
import { type Fault, scan } from '../../scripts/checks/source.ts';
import { checkWords } from '../../scripts/checks/words.ts';
import { checkErrorsPage, renderErrorsPage } from '../../scripts/docs/errors-page.ts';

type Check = (root: string) => Fault[];

const CLEAN = {
  'src/errors.ts': '// This file is clean.\n',
  'src/mail/address.ts': "// This file is clean.\nimport { domainToASCII } from 'node:url';\nimport '../errors.ts';\n",
  'src/delivery/states.ts':
    "// This file is clean: Date.now() in a comment, 'from' and a /Math.random()/ in a regular expression.\nconst it = /Math.random\\(/;\n",
  'src/store/db.ts': "// This file is clean.\nconst sql = 'select 1 from messages';\nnew pg.Pool();\n",
  'src/providers/acme/send.ts': "// This file is clean.\nimport type { A } from '../../delivery/states.ts';\nimport '../http.ts';\n",
  'src/providers/http.ts': '// This file is clean.\n',
  'src/providers/registry.ts': "// This file is clean.\nimport './acme/send.ts';\n",
  'src/cli/serve.ts': "// This file is clean.\nimport '../providers/registry.ts';\nprocess.exit(0);\n",
};

test('a clean house has no fault', (t) => {
  const root = house(t, {});
  for (const check of [checkImports, checkCalls, checkShape, checkWords]) assert.deepEqual(check(root), []);
});

const PLANTED: readonly [name: string, check: Check, file: string, text: string, message: RegExp][] = [
  ['an import up', checkImports, 'src/mail/x.ts', "import '../store/db.ts';", /only goes down: mail \(2\) may not know store \(5\)/],
  ['an import up for a type only', checkImports, 'src/delivery/x.ts', "import type { A } from '../flows/deliver.ts';", /only goes down/],
  ['an import up over several lines', checkImports, 'src/mail/x.ts', "import {\n  a,\n} from '../http/app.ts';", /only goes down/],
  ['a re-export up', checkImports, 'src/tenancy/x.ts', "export * from '../queue/x.ts';", /only goes down/],
  ['a dynamic import up', checkImports, 'src/store/x.ts', "const a = await import('../flows/x.ts');", /only goes down/],
  ['an import from a loose file up', checkImports, 'src/ids.ts', "import './mail/address.ts';", /only goes down: floor 1/],
  ['an import sideways into another room', checkImports, 'src/store/x.ts', "import '../providers/http.ts';", /sideways only inside/],
  ['an import out of src', checkImports, 'src/store/x.ts', "import '../../test/support/database.ts';", /nothing from outside/],
  ['I/O in the core', checkImports, 'src/feedback/x.ts', "import { readFileSync } from 'node:fs';", /core does no I\/O/],
  ['a package in the core', checkImports, 'src/reputation/x.ts', "import { z } from 'zod';", /not on the list of pure packages/],
  ['a provider that knows another', checkImports, 'src/providers/other/x.ts', "import '../acme/send.ts';", /other may not know acme/],
  [
    'a flow that knows a provider',
    checkImports,
    'src/flows/x.ts',
    "import '../providers/acme/send.ts';",
    /only providers\/registry\.ts knows/,
  ],
  ['a flow that sees the registry', checkImports, 'src/flows/x.ts', "import '../providers/registry.ts';", /only cli\/ sees the registry/],
  ['a loose file', checkImports, 'src/utils.ts', '', /may lie loose/],
  ['an unknown room', checkImports, 'src/helpers/x.ts', '', /no room "helpers"/],
  ['a read of the clock', checkCalls, 'src/flows/x.ts', 'const a = Date.now();', /time comes from a Clock/],
  ['a new Date()', checkCalls, 'src/http/x.ts', 'const a = new Date();', /time comes from a Clock/],
  [
    'a read of the clock inside a template',
    checkCalls,
    'src/http/x.ts',
    'const a = `at ${' + '`${' + 'Date.now()}`}`;',
    /time comes from a Clock/,
  ],
  ['chance', checkCalls, 'src/queue/x.ts', 'const a = Math.random();', /chance is handed in/],
  ['a timer in the core', checkCalls, 'src/delivery/x.ts', 'setTimeout(() => {}, 5);', /core starts no timer/],
  ['random bytes in the core', checkCalls, 'src/mail/x.ts', 'const a = randomBytes(8);', /core takes chance/],
  ['a random id', checkCalls, 'src/store/x.ts', 'const a = randomUUID();', /ids come from ids\.ts/],
  ['an exit', checkCalls, 'src/store/x.ts', 'process.exit(1);', /only cli\/ ends/],
  ['SQL in a flow', checkCalls, 'src/flows/x.ts', 'const a = `select id from messages where id = ${b}`;', /SQL stands only in store/],
  ['SQL in the command line', checkCalls, 'src/cli/x.ts', "run('update messages set a = 1');", /SQL stands only in store/],
  ['a database opened elsewhere', checkCalls, 'src/http/x.ts', 'const pool = new pg.Pool({});', /only store\/ opens a database/],
  ['a missing first comment', checkShape, 'src/mail/x.ts', '\nexport const a = 1;', /begins with "This file"/],
  ['a long file', checkShape, 'src/mail/x.ts', 'export const a = 1;\n'.repeat(301), /split it/],
  ['a word to avoid', checkWords, 'src/http/x.ts', "throw new Error('Please try again');", /say what to do next/],
  ['"sent" as a state', checkWords, 'src/http/x.ts', "const a = 'The message was sent.';", /handed over or delivered/],
  ['"sent" in the console', checkWords, 'web/src/x.tsx', 'export const A = () => <b>Sent</b>;', /handed over or delivered/],
];

for (const [name, check, file, text, message] of PLANTED) {
  test(`it finds ${name}`, (t) => {
    const body = /missing first comment/.test(name) ? text : `// This file is planted.\n${text}\n`;
    const faults = check(house(t, { [file]: body }));
    assert.equal(faults.length, 1, JSON.stringify(faults));
    assert.equal(faults[0]?.file, file);
    assert.match(faults[0]?.message ?? '', message);
  });
}

test('a reason lets a long file and a quoted word stand', (t) => {
  const root = house(t, {
    'src/mail/long.ts': `// This file is long.\n// Long because it is one table.\n${'export const a = 1;\n'.repeat(301)}`,
    'src/http/quoted.ts': "// This file quotes.\n// words: the browser's own label\nconst a = 'Please wait';\n",
  });
  assert.deepEqual([...checkShape(root), ...checkWords(root)], []);
});

test('it finds a path of a machine and the host of a registry in tracked files', (t) => {
  const root = house(t, {
    'docs/a.md': `see /${'work'}/main\n`,
    'docs/b.md': `from registry.${'npmjs'}.org\n`,
    'docs/c.md': 'patchwork/main, node_modules/root/x\n',
  });
  execFileSync('git', ['init', '-q'], { cwd: root });
  execFileSync('git', ['add', '.'], { cwd: root });
  assert.deepEqual(
    checkMachine(root).map(({ file, line }) => `${file}:${line}`),
    ['docs/a.md:1', 'docs/b.md:1'],
  );
});

test('it finds pages that are not fresh, codes without a meaning, and codes that are gone', (t) => {
  assert.equal(checkPages(house(t, {})).length > 1, true);
  const fresh = renderErrorsPage('');
  assert.match(checkErrorsPage(fresh)[0] ?? '', /has no meaning/);
  const written = fresh.replaceAll(/^(\| `[A-Z0-9_]+` \|) {2}\|/gm, '$1 A meaning. |');
  assert.deepEqual(checkErrorsPage(written), []);
  const gone = written.replace('| `NOT_FOUND` |', '| `NOT_FOUND_ANY_MORE` |');
  assert.deepEqual(
    checkErrorsPage(gone).map((fault) => fault.split(' ')[0]),
    ['NOT_FOUND', 'NOT_FOUND_ANY_MORE'],
  );
  assert.match(checkErrorsPage(`${written.trimEnd()}\n- \`NOT_FOUND\` long ago\n`)[0] ?? '', /is retired/);
  assert.match(checkErrorsPage(written.replace('| 404 |', '| 405 |'))[0] ?? '', /not fresh/);
});

test('the scanner tells code from strings, comments, templates and regular expressions', () => {
  const source = scan(
    'x.ts',
    `const a = 'import x from "y"'; // from 'c'\nconst b = \`one \${f("in", { a: 1 })} two \${'}'}\`; const r = x / 2 / 3; const q = /['"\`]/g;\nimport z from 'z';`,
  );
  assert.deepEqual(
    importsOf(source).map(({ specifier, line }) => [specifier, line]),
    [['z', 3]],
  );
  assert.equal(source.code.length, source.text.length);
  assert.match(source.code, /f\(" {2}", \{ a: 1 \}\)/);
  assert.match(source.code, /x \/ 2 \/ 3/);
});

/** The clean house with files added or replaced, in a folder of its own. */
function house(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'packetboat-house-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries({ ...CLEAN, ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}
