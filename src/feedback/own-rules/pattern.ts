// This file is the small pattern language of the operator's own rules: words, `*` for a gap, `|` and `(a|b)` for alternatives. It is no regular expression: each
// pattern is a list of plain texts in order, found by one search each, so that no pattern can be slow.

/** What `*` may stand for at most, in characters. */
export const GAP_CHARS_MAX = 60;
/** A pattern is a phrase of one answer, not a page. */
export const PATTERN_CHARS_MAX = 300;
/** `(a|b) (c|d)` are four texts; each costs a search in every answer. */
const TEXTS_MAX = 64;
const GAPS_MAX = 8;
/** Fewer letters or digits match by accident. */
const LETTERS_MIN = 4;

/** Texts of which one has to stand here; `open*` says that a word may go on before or behind it. */
interface Segment {
  readonly texts: readonly string[];
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

/** One alternative: segments in order, gaps between them. */
type Phrase = readonly Segment[];

export type PatternResult = { readonly ok: true; readonly pattern: Pattern } | { readonly ok: false; readonly why: string };

export interface Pattern {
  /** True when the normalised words (`reply-text.ts`) hold the pattern. Time grows with their length. */
  test(words: string): boolean;
}

/** Reads a pattern. Words stand for themselves whatever their case; `\` in front of `* | ( ) \` means the character itself. */
export function readPattern(text: string): PatternResult {
  const refuse = (why: string): PatternResult => ({ ok: false, why });
  if (text.length > PATTERN_CHARS_MAX) return refuse(`It is longer than ${PATTERN_CHARS_MAX} characters.`);
  if (text.includes('@')) return refuse('Addresses are taken out of an answer before rules are asked: write addr in their place.');
  const tokens = tokensOf(
    text
      .toLowerCase()
      .replace(/[\s\u00a0]+/g, ' ')
      .replace(/[’‘`´]/g, "'")
      .trim(),
  );
  const phrases: Phrase[] = [];
  for (const alternative of split(tokens, '|')) {
    const phrase = phraseOf(alternative);
    if (typeof phrase === 'string') return refuse(phrase);
    phrases.push(phrase);
  }
  return { ok: true, pattern: { test: (words) => phrases.some((phrase) => holds(phrase, words)) } };
}

/** A character that means something, or plain text. */
type Token = { readonly mark: '*' | '|' | '(' | ')' } | { readonly text: string };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let plain = '';
  const close = () => {
    if (plain !== '') tokens.push({ text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      plain += text.charAt(at + 1);
      at += 1;
    } else if (char === '*' || char === '|' || char === '(' || char === ')') {
      close();
      tokens.push({ mark: char });
    } else plain += char;
  }
  close();
  return tokens;
}

const isMark = (token: Token | undefined, mark: string) => token !== undefined && 'mark' in token && token.mark === mark;

/** Parts between marks that stand outside of parentheses. */
function split(tokens: readonly Token[], mark: '|' | '*'): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, '(')) depth += 1;
    if (isMark(token, ')')) depth -= 1;
    if (depth === 0 && isMark(token, mark)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function phraseOf(tokens: readonly Token[]): Phrase | string {
  const parts = split(tokens, '*');
  if (parts.length - 1 > GAPS_MAX) return `It has more than ${GAPS_MAX} gaps.`;
  const segments: Segment[] = [];
  for (const [index, part] of parts.entries()) {
    const texts = textsOf(part);
    if (typeof texts === 'string') return texts;
    const bare = texts.map((text) => text.trim()).filter((text) => text !== '');
    if (bare.length === 0) continue;
    if (bare.length < texts.length) return 'An alternative in parentheses is empty.';
    // "suspend*" lets the word go on; "suspend *" does not.
    const openStart = index > 0 && texts.every((text) => !text.startsWith(' '));
    const openEnd = index < parts.length - 1 && texts.every((text) => !text.endsWith(' '));
    segments.push({ texts: bare, openStart, openEnd });
  }
  const letters = segments.reduce((sum, { texts }) => sum + Math.min(...texts.map((text) => text.match(WORD_CHARS)?.length ?? 0)), 0);
  return letters < LETTERS_MIN ? `It says too little: at least ${LETTERS_MIN} letters or digits beside "*".` : segments;
}

const WORD_CHARS = /[\p{L}\p{N}]/gu;
const WORD_CHAR = /[\p{L}\p{N}]/u;

/** Every text that plain words and `(a|b)` give; or what is wrong. */
function textsOf(tokens: readonly Token[]): string[] | string {
  let texts = [''];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if ('text' in token) {
      texts = texts.map((text) => text + token.text);
      continue;
    }
    if (token.mark !== '(') return 'A ")" has no "(" in front of it.';
    const end = tokens.findIndex((later, index) => index > at && isMark(later, ')'));
    if (end < 0) return 'A "(" has no ")" behind it.';
    const inside = split(tokens.slice(at + 1, end), '|');
    if (inside.some((part) => part.some((each) => 'mark' in each))) return 'Parentheses hold words and "|" only.';
    const options = inside.map((part) => part.map((each) => ('text' in each ? each.text : '')).join(''));
    texts = texts.flatMap((text) => options.map((option) => text + option));
    if (texts.length > TEXTS_MAX) return `Its alternatives give more than ${TEXTS_MAX} texts.`;
    at = end;
  }
  return texts;
}

/** Follows the segments through the words: the places where one may end decide where the next may begin. */
function holds(phrase: Phrase, words: string): boolean {
  let ends: number[] | null = null;
  for (const segment of phrase) {
    const next: number[] = [];
    for (const [start, end] of placesOf(segment, words)) {
      if (ends === null || ends.some((before) => before <= start && start - before <= GAP_CHARS_MAX)) next.push(end);
    }
    if (next.length === 0) return false;
    ends = next.slice(0, PLACES_MAX);
  }
  return ends !== null;
}

/** An answer of 2,000 characters that repeats a word more often than this is built to cost time. */
const PLACES_MAX = 64;

function placesOf({ texts, openStart, openEnd }: Segment, words: string): [number, number][] {
  const places: [number, number][] = [];
  for (const text of texts) {
    for (let at = words.indexOf(text); at >= 0 && places.length < PLACES_MAX; at = words.indexOf(text, at + 1)) {
      const end = at + text.length;
      if ((openStart || isEdge(words, at)) && (openEnd || isEdge(words, end))) places.push([at, end]);
    }
  }
  return places;
}

/** No word goes on across this place. */
function isEdge(words: string, at: number): boolean {
  return !(WORD_CHAR.test(words.charAt(at - 1)) && WORD_CHAR.test(words.charAt(at)));
}
