// This file checks calls that make code depend on the moment or on chance, SQL outside the store, and process.exit outside the command line.
import { CORE, isTest, roomOf } from './house.ts';
import { type Fault, lineAt, readSources, type Source } from './source.ts';

interface Ban {
  readonly call: RegExp;
  readonly why: string;
  /** True where the call is at home. */
  readonly allowed: (file: string, room: string | null) => boolean;
}

const core = (room: string | null) => room !== null && CORE.includes(room);

const BANS: readonly Ban[] = [
  {
    call: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b/g,
    why: 'time comes from a Clock; only src/clock.ts reads it',
    allowed: (file) => file === 'src/clock.ts',
  },
  {
    call: /\bMath\.random\b/g,
    why: 'chance is handed in as `random`; only cli/ and the simulator make it',
    allowed: (_, room) => room === 'cli' || room === 'simulator',
  },
  {
    call: /\bcrypto\.randomUUID\b|\brandomUUID\s*\(/g,
    why: 'ids come from ids.ts: random ones cost 26 times the WAL of ordered ones',
    allowed: (file) => file === 'src/ids.ts',
  },
  {
    call: /\brandom(?:Bytes|Int|Fill|FillSync)\s*\(|\bgetRandomValues\s*\(/g,
    why: 'the core takes chance as an argument',
    allowed: (_, room) => !core(room),
  },
  {
    call: /(?<![.\w])set(?:Timeout|Interval|Immediate)\s*\(/g,
    why: 'the core starts no timer',
    allowed: (_, room) => !core(room),
  },
  {
    call: /\bnew\s+pg\.(?:Pool|Client)\b/g,
    why: 'only store/ opens a database; take a pool as an argument',
    allowed: (_, room) => room === 'store',
  },
  {
    call: /\bprocess\.exit\s*\(/g,
    why: 'only cli/ ends the process',
    allowed: (_, room) => room === 'cli',
  },
];

/** A string that begins like a statement; people's sentences begin with a capital letter. */
const SQL =
  /^\s*(?:(?:select|SELECT)\s|(?:insert|INSERT) (?:into|INTO)\s|(?:update|UPDATE)\s+\S+\s+(?:set|SET)\s|(?:delete|DELETE) (?:from|FROM)\s|with \w+ (?:\([^)]*\) )?as (?:materialized )?\(|(?:create|alter|drop|truncate) (?:table|index|role|database|schema|type|view)\b|set local\b|(?:begin|commit|rollback)$)/;

/** Checks every file below src/ but tests. */
export function checkCalls(root: string): Fault[] {
  return readSources(root, ['src/**/*.ts'])
    .filter(({ file }) => !isTest(file))
    .flatMap((source) => [...checkBans(source), ...checkSql(source)]);
}

function checkBans({ file, text, code }: Source): Fault[] {
  const room = roomOf(file.slice('src/'.length));
  return BANS.filter(({ allowed }) => !allowed(file, room)).flatMap(({ call, why }) =>
    [...code.matchAll(call)].map((match) => ({ file, line: lineAt(text, match.index), message: `${match[0].trim()}: ${why}` })),
  );
}

function checkSql({ file, text, strings }: Source): Fault[] {
  if (file.startsWith('src/store/')) return [];
  return strings
    .filter(({ content }) => SQL.test(content))
    .map(({ at }) => ({ file, line: lineAt(text, at), message: 'SQL stands only in store/ and migrations/' }));
}
