// This file reads source files for the checks: which there are, and a scanner that tells code from comments and strings. TypeScript 7 has no
// API to ask, and the checks need no more than this.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that is wrong, and where. */
export interface Fault {
  /** Relative to the repository. */
  readonly file: string;
  /** From 1; 0 when the whole file is meant. */
  readonly line: number;
  readonly message: string;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  /** The text with comments and the insides of strings blanked: same length, same lines. */
  readonly code: string;
  /** Contents of the string literals and template pieces, by the offset of their first character. */
  readonly strings: readonly { readonly at: number; readonly content: string }[];
}

/** Reads and scans the files that match, in order. */
export function readSources(root: string, patterns: readonly string[], exclude: RegExp = /(^|\/)node_modules\/|\.gen\.ts$/): Source[] {
  return globSync([...patterns], { cwd: root })
    .filter((file) => !exclude.test(file))
    .sort()
    .map((file) => scan(file, readFileSync(join(root, file), 'utf8')));
}

/** Line number of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** A slash after one of these begins a regular expression; after anything else it divides. */
const BEFORE_REGEX =
  /(?:^|[=(,:;[!&|?{}+\-*%^~<>]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield|instanceof))\s*$/;
/** A regular expression looks back this far for the token before it. */
const LOOK_BACK_CHARS = 40;

/** Scans one file. JSX text counts as code, which is what the word checks of the console want. */
export function scan(file: string, text: string): Source {
  const out = text.split('');
  const strings: { at: number; content: string }[] = [];
  /** Depth of braces at which each open template continues. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' ';
  };
  const take = (from: number, to: number) => {
    strings.push({ at: from, content: text.slice(from, to) });
    blank(from, to);
  };
  const template = () => {
    const from = at;
    while (at < text.length && text[at] !== '`' && !(text[at] === '$' && text[at + 1] === '{')) at += text[at] === '\\' ? 2 : 1;
    take(from, Math.min(at, text.length));
    if (text[at] === '$') {
      templates.push(depth);
      depth += 1;
      at += 2;
    } else at += 1;
  };
  while (at < text.length) {
    const char = text[at];
    const next = text[at + 1];
    if (char === '/' && (next === '/' || next === '*')) {
      const end = next === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2;
      const to = end <= 1 && next === '*' ? text.length : end === -1 ? text.length : end;
      blank(at, to);
      at = to;
    } else if (char === "'" || char === '"') {
      const from = at + 1;
      at = from;
      while (at < text.length && text[at] !== char && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
      take(from, Math.min(at, text.length));
      at += 1;
    } else if (char === '`') {
      at += 1;
      template();
    } else if (char === '/' && BEFORE_REGEX.test(out.slice(Math.max(0, at - LOOK_BACK_CHARS), at).join(''))) {
      const from = at + 1;
      at = endOfRegex(text, from);
      blank(from, at);
      at += 1;
    } else {
      if (char === '{') depth += 1;
      if (char === '}') {
        depth -= 1;
        if (templates.at(-1) === depth) {
          templates.pop();
          at += 1;
          template();
          continue;
        }
      }
      at += 1;
    }
  }
  return { file, text, code: out.join(''), strings };
}

function endOfRegex(text: string, from: number): number {
  let at = from;
  let inClass = false;
  while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true;
    if (text[at] === ']') inClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at, text.length);
}
