// This file checks the shape of files: a first comment that says what the file is (a test's name says it), and a length that can be read in one sitting.
import { isTest } from './house.ts';
import { type Fault, readSources } from './source.ts';

/** Above this a file has a second idea in it, or a comment that says why not. */
const LINES_MAX = 300;
/** The reason stands near the top. */
const HEAD_LINES = 12;
const FIRST = /^(?:#!.*\n)?(?:\/\/|\/\*\*?)\s*This file\b/;

/** Checks sources of server, console, scripts, bench and tests. */
export function checkShape(root: string): Fault[] {
  return readSources(root, ['{src,test,scripts,bench}/**/*.{ts,mjs}', 'web/src/**/*.{ts,tsx}']).flatMap(({ file, text }) => {
    const faults: Fault[] = [];
    if (!FIRST.test(text) && !isTest(file))
      faults.push({ file, line: 1, message: 'the first line is a comment that begins with "This file"' });
    const lines = text.split('\n');
    const length = lines.length - 1;
    const excused = lines.slice(0, HEAD_LINES).some((line) => /^(\/\/|\s*\*)\s*Long because\b/.test(line));
    if (length > LINES_MAX && !excused && !isTest(file) && !file.startsWith('test/')) {
      faults.push({ file, line: 0, message: `${length} lines, ${LINES_MAX} at most; split it, or say "// Long because …" at its top` });
    }
    return faults;
  });
}
