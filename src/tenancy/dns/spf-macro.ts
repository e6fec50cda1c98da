// This file reads and fills in the macros of SPF (RFC 7208 §7): "%{ir}.%{v}._spf.%{d2}".

/** A piece of a macro string: text as it stands, or a letter with how to cut it. */
export type MacroPiece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'letter';
      /** Lower case. */
      readonly letter: MacroLetter;
      /** Right-hand labels kept; null keeps all. */
      readonly keep: number | null;
      readonly reverse: boolean;
      readonly delimiters: string;
      /** Written as a capital: what is not allowed in a URL is escaped. */
      readonly escaped: boolean;
    };

export type MacroLetter = 's' | 'l' | 'o' | 'd' | 'i' | 'p' | 'h' | 'v' | 'c' | 'r' | 't';

/** Values of the letters; `p` costs look-ups and is asked for only where it stands. */
export type MacroValues = (letter: MacroLetter) => string | Promise<string>;

/** §7.3: these three only in the text of an explanation. */
const EXPLANATION_ONLY: ReadonlySet<string> = new Set(['c', 'r', 't']);
const LETTERS = 'slodiphvcrt';
/** §7.3: a name that grows too long loses labels on the left. */
const NAME_MAX = 253;
/** A name has at most 127 labels; a larger number keeps all of them. */
const KEEP_MAX = 128;

/** Reads a macro string; null when it is not one. `explanation` allows the letters c, r, t and spaces between words. */
export function readMacroString(text: string, { explanation = false } = {}): MacroPiece[] | null {
  const pieces: MacroPiece[] = [];
  const literal = explanation ? /[\x20-\x24\x26-\x7e]+/y : /[\x21-\x24\x26-\x7e]+/y;
  const macro = /%\{([a-z])(\d*)(r?)([.\-+,/_=]*)\}/iy;
  for (let at = 0; at < text.length; ) {
    literal.lastIndex = at;
    const plain = literal.exec(text)?.[0];
    if (plain !== undefined) {
      pieces.push({ kind: 'text', text: plain });
      at += plain.length;
      continue;
    }
    const short = { '%%': '%', '%_': ' ', '%-': '%20' }[text.slice(at, at + 2)];
    if (short !== undefined) {
      pieces.push({ kind: 'text', text: short });
      at += 2;
      continue;
    }
    macro.lastIndex = at;
    const found = macro.exec(text);
    if (!found) return null;
    const [whole, written = '', digits = '', reverse = '', delimiters = ''] = found;
    const letter = [...LETTERS].find((each) => each === written.toLowerCase());
    if (letter === undefined || (EXPLANATION_ONLY.has(letter) && !explanation)) return null;
    if (digits !== '' && Number(digits) === 0) return null;
    pieces.push({
      kind: 'letter',
      // Found among LETTERS, which are exactly those of the type.
      letter: letter as MacroLetter,
      keep: digits === '' ? null : Math.min(Number(digits), KEEP_MAX),
      reverse: reverse !== '',
      delimiters: delimiters === '' ? '.' : delimiters,
      escaped: written !== letter,
    });
    at += whole.length;
  }
  return pieces;
}

/** Whether a macro string can name a domain: its end is a top label or a macro (§12, domain-spec). */
export function isDomainSpec(text: string): boolean {
  if (readMacroString(text) === null) return false;
  if (/%(?:\{[^}]*\}|[%_-])$/.test(text)) return true;
  const label = /\.([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.?$/i.exec(text)?.[1];
  return label !== undefined && !/^\d+$/.test(label);
}

/** Fills in the letters. */
export async function expandMacros(pieces: readonly MacroPiece[], values: MacroValues): Promise<string> {
  let text = '';
  for (const piece of pieces) text += piece.kind === 'text' ? piece.text : transformed(piece, await values(piece.letter));
  return text;
}

/** The same for a name that is asked for: without the final dot, cut on the left to what a name can hold. */
export async function expandName(pieces: readonly MacroPiece[], values: MacroValues): Promise<string> {
  let name = (await expandMacros(pieces, values)).replace(/\.$/, '');
  while (name.length > NAME_MAX && name.includes('.')) name = name.slice(name.indexOf('.') + 1);
  return name;
}

function transformed({ keep, reverse, delimiters, escaped }: MacroPiece & { kind: 'letter' }, value: string): string {
  // A character class of exactly these characters: none of them is special inside brackets but the hyphen and the slash, which are escaped.
  let labels = value.split(new RegExp(`[${delimiters.replace(/[-/]/g, '\\$&')}]`));
  if (reverse) labels = labels.toReversed();
  if (keep !== null) labels = labels.slice(-keep);
  const text = labels.join('.');
  if (!escaped) return text;
  // RFC 3986 §2.3: unreserved characters stay.
  return [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
