// This file checks the words that people read: the glossary's "Avoid" words must not stand in sentences of the product.
import { isTest } from './house.ts';
import { type Fault, lineAt, readSources, type Source } from './source.ts';

/** A reason beside or above a line lets it stand: "// words: the provider's own label". */
const EXCUSE = /\/\/\s*words:\s*\S/;

const AVOIDED: readonly { readonly word: RegExp; readonly instead: string }[] = [
  { word: /\b[Ss]uccessfully\b/, instead: 'say what is now true' },
  { word: /\b(?:[Oo]ops|[Uu]h-oh|[Ww]hoops)\b/, instead: 'say what happened and what to do next' },
  { word: /\b[Pp]lease\b/, instead: 'say what to do next' },
  {
    word: /\b(?:was|were|is|are|been|be|got|gets|successfully) sent\b|^(?:Sent|sent)$|\b[Ss]ent (?:to|at|on|by)\b/,
    instead: 'say accepted, handed over or delivered',
  },
];

/** What other servers and providers say, word for word. */
const QUOTED = /^src\/(?:simulator|feedback\/rules)\//;
/** Rooms where "sent" is a label of the wire. */
const FOREIGN = /^src\/(?:providers|feedback)\//;

/** Checks strings of the server, and strings and JSX text of the console. */
export function checkWords(root: string): Fault[] {
  const sources = readSources(root, ['src/**/*.ts', 'web/src/**/*.{ts,tsx}']).filter(({ file }) => !isTest(file) && !QUOTED.test(file));
  return sources.flatMap((source) => pieces(source).flatMap((piece) => checkPiece(source, piece)));
}

function pieces(source: Source): { at: number; content: string }[] {
  const strings = [...source.strings];
  if (!source.file.endsWith('.tsx')) return strings;
  // What stands between tags is text; code between braces was blanked out of it by the scanner's strings, the rest is checked as it is.
  for (const match of source.code.matchAll(/>([^<>{}]*[A-Za-z][^<>{}]*)</g)) strings.push({ at: match.index + 1, content: match[1] ?? '' });
  return strings;
}

function checkPiece({ file, text }: Source, { at, content }: { at: number; content: string }): Fault[] {
  return AVOIDED.flatMap(({ word, instead }) => {
    const found = word.exec(content);
    if (!found) return [];
    // Labels of wire formats are not ours to choose; a sentence is.
    const isSent = /sent/i.test(found[0]);
    if (isSent && (FOREIGN.test(file) || content === 'sent')) return [];
    const line = lineAt(text, at + found.index);
    const lines = text.split('\n');
    if ([line - 2, line - 1].some((index) => EXCUSE.test(lines[index] ?? ''))) return [];
    return [{ file, line, message: `"${found[0]}": ${instead}` }];
  });
}
