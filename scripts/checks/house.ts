// This file is the plan of the house as the checks know it: rooms, floors, and what the core may use. docs/ARCHITECTURE.md §3 says why.

/** Rooms by floor; an import goes down, or sideways inside its own room. Loose files of src/ are on floor 1. */
export const FLOORS: Readonly<Record<string, number>> = {
  cli: 8,
  dns: 7,
  http: 7,
  smtp: 7,
  flows: 6,
  queue: 6,
  providers: 5,
  store: 5,
  watch: 5,
  simulator: 5,
  delivery: 4,
  feedback: 3,
  tenancy: 3,
  mail: 2,
  reputation: 2,
};

/** Files that may lie loose in src/; nothing else may. */
export const LOOSE = ['errors', 'clock', 'ids', 'log', 'config', 'language', 'setting-values', 'issue-words', 'token-grant'];

/** Pure functions on parsed values: no I/O, no clock, no chance. */
export const CORE = ['mail', 'feedback', 'tenancy', 'delivery', 'reputation'];

/** Builtins that compute and do nothing else. */
export const CORE_BUILTINS = [
  'node:assert',
  'node:buffer',
  'node:crypto',
  'node:punycode',
  'node:string_decoder',
  'node:url',
  'node:util',
  'node:zlib',
];

/** npm packages the core may use, each a pure parser or builder. */
export const CORE_PACKAGES: Readonly<Record<string, string>> = {
  'ipaddr.js': 'parses addresses and ranges',
  // Given strings and buffers only, with file and URL access off, it computes.
  'nodemailer/lib/mail-composer': 'builds MIME out of a JSON submission',
  'nodemailer/lib/mime-funcs': 'folds header lines',
  'nodemailer/lib/mime-node': 'writes header values that are no plain ASCII',
  'postal-mime': 'parses a whole MIME tree',
  saxes: 'parses XML without entities',
  tldts: 'knows the public suffixes',
  yauzl: 'reads zip archives out of a buffer',
};

/** Room of a file below src/: its folder, or null for a loose file. */
export function roomOf(pathInSrc: string): string | null {
  const slash = pathInSrc.indexOf('/');
  return slash === -1 ? null : pathInSrc.slice(0, slash);
}

/** Tests may reach anywhere: they hold rooms against each other. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file);
}
