// This file holds every query of the store against the migrated schema: what stands in the source word for word is described by PostgreSQL;
// what is put together at run time has to have an example that runs (test/support/query-examples.ts), and the example has to come past the
// very line. A query that is neither fails the test.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { describeQuery } from '../../test/support/describe-query.ts';
import { mailRows } from '../../test/support/mail-rows.ts';
import { QUERY_EXAMPLES } from '../../test/support/query-examples.ts';
import { type MetQuery, watchPool } from '../../test/support/query-recorder.ts';
import { readStoreQueries } from '../../test/support/store-queries.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Files whose queries cannot run here, and where they do. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'src/store/migrate.ts': 'runs the texts of migrations/, which every test database is made of',
  'src/store/embedded/supervisor.ts': 'makes role and database as the superuser of the embedded server, in every start of it',
};
/** Fewer than this would mean that the reader of sources went blind. */
const QUERIES_MIN = 150;

test('every query of the store is understood by the schema', async (t) => {
  const { pool, db, tenantId, accountId } = await mailRows(t);
  t.after(() => db.close());
  const watched = watchPool(pool);
  for (const scope of [tenantId, null]) {
    for (const example of QUERY_EXAMPLES) await example({ pool: watched.pool, tenantId, accountId, scope });
  }
  const { faults, described } = await holdAgainst(pool, { root: ROOT, met: watched.met });
  assert.deepEqual(faults, []);
  assert.ok(described > QUERIES_MIN, `only ${described} queries were found`);
});

// Sources that put something into a text, written with % where they have $.
const PLANTED: readonly [name: string, source: string, fault: RegExp][] = [
  [
    'a column that is not there',
    "db.query('select nickname from tenants where id = $1', [id]);",
    /tenants\.ts:3: column "nickname" does not exist/,
  ],
  ['a table that is not there', 'db.query(`delete from customers where id = %{1}`);', /relation "customers" does not exist/],
  [
    'a broken constant',
    "const COLUMNS = 'id, nickname';\n  db.query(`select %{COLUMNS} from tenants`);",
    /column "nickname" does not exist/,
  ],
  ['a constant from another file', 'db.query(`select %{ROWS} from tenants`);', /column "color" does not exist/],
  ['one broken branch of two', "db.query(id ? 'select id from tenants' : 'select no from tenants');", /column "no" does not exist/],
  [
    'one broken name of a closed list',
    'for (const table of TABLES) db.query(`select from %{table} limit 1`);',
    /relation "webhook_heap" does not exist/,
  ],
  ['a function that is not there', "db.query('select uuid_of($1::text)', [id]);", /function uuid_of\(text\) does not exist/],
  ['a wrong type', "db.query('select id from tenants where id = $1::int', [id]);", /operator does not exist: uuid = integer/],
  [
    'a query object',
    "const ASK = { name: 'ask', text: 'select no from tenants' };\n  db.query({ ...ASK, values: [id] });",
    /column "no" does not exist/,
  ],
  ['a text made at run time', 'db.query(`select id from tenants %{id}`);', /tenants\.ts:3: no example comes past this query/],
  [
    'a statement handed to a helper',
    "const run = (text: string) => db.query(text);\n  run('select no from tenants');",
    /column "no" does not exist/,
  ],
];

for (const [name, source, fault] of PLANTED) {
  test(`planted: ${name} is found`, async (t) => {
    const { pool } = await testDatabase(t);
    const root = plant(t, {
      'src/store/tenants.ts': `import { ROWS, TABLES } from './rows.ts';\nexport function planted(db: { query(text: unknown, values?: unknown[]): void }, id: string): unknown[] {\n  ${source}\n  return [ROWS, TABLES];\n}\n`,
    });
    const { faults } = await holdAgainst(pool, { root, met: [] });
    assert.match(faults.join('\n'), fault);
  });
}

test('a clean store has no fault, and an example counts only for the line it comes past', async (t) => {
  const { pool } = await testDatabase(t);
  const root = plant(t, {
    'src/store/tenants.ts':
      'export const list = (db: { query(text: string): void }, where: string) =>\n  db.query(`select id from tenants %{where}`);\n',
  });
  const text = 'select id from tenants where true';
  assert.deepEqual((await holdAgainst(pool, { root, met: [{ place: 'src/store/tenants.ts:2:6', text, ran: false }] })).faults, []);
  const elsewhere = await holdAgainst(pool, { root, met: [{ place: 'src/store/tenants.ts:9:6', text, ran: false }] });
  assert.match(elsewhere.faults.join('\n'), /no example comes past this query/);
});

/** Describes what the sources below `root` hold, and what the examples met. Answers what is wrong, a line each, and how much was described. */
async function holdAgainst(
  pool: pg.Pool,
  { root, met }: { root: string; met: readonly MetQuery[] },
): Promise<{ faults: string[]; described: number }> {
  const { calls, statements } = readStoreQueries(root);
  const faults: string[] = [];
  /** First place of each text. */
  const texts = new Map<string, string>();
  const add = (text: string, place: string) => void texts.set(text, texts.get(text) ?? place);
  const places = new Set(met.map(({ place }) => place));
  for (const { file, line, column, texts: own } of calls) {
    for (const text of own ?? []) add(text, `${file}:${line}`);
    if (own === null && !places.has(`${file}:${line}:${column}`) && !(file in ELSEWHERE)) {
      faults.push(`${file}:${line}: no example comes past this query; add one to test/support/query-examples.ts`);
    }
  }
  for (const { place, text } of met) add(text, place);
  const known = () => [...texts.keys()];
  for (const { file, line, texts: own, pieces } of statements) {
    // A part of a longer query is described with it.
    for (const text of own ?? []) if (!known().some((whole) => whole.includes(text))) add(text, `${file}:${line}`);
    if (own === null && !(file in ELSEWHERE) && !known().some((whole) => holdsInOrder(whole, pieces))) {
      faults.push(`${file}:${line}: no example runs this statement; add one to test/support/query-examples.ts`);
    }
  }
  const client = await pool.connect();
  try {
    // What ran was understood, though it may not be any more (an example dropped its table), and several statements cannot be described.
    const ran = new Set(met.filter((query) => query.ran).map(({ text }) => text));
    for (const [text, place] of [...texts].filter(([text]) => !ran.has(text))) {
      const complaint = await describeQuery(client, text);
      if (complaint !== null) faults.push(`${place}: ${complaint}`);
    }
  } finally {
    client.release();
  }
  return { faults, described: texts.size };
}

function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  let at = 0;
  return pieces.every((piece) => {
    const found = text.indexOf(piece, at);
    at = found + piece.length;
    return found !== -1;
  });
}

/** A small store of its own, with the settings of this one. */
function plant(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'packetboat-queries-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'src/store'), { recursive: true });
  const options = { target: 'es2023', module: 'nodenext', strict: true, types: [], allowImportingTsExtensions: true, noEmit: true };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['src'] }));
  const rows = "export const ROWS = 'id, color';\nexport const TABLES = ['webhook_queue', 'webhook_heap'] as const;\n";
  for (const [file, text] of Object.entries({ 'src/store/rows.ts': rows, ...files }))
    writeFileSync(join(root, file), text.replaceAll('%{', '${'));
  return root;
}
