// This file gives the words of an html notice, one pass over the characters: enough for a classifier, nothing for a screen.

/** Tags that end a line. */
const BREAKS = /^\/?(?:p|br|div|tr|li|h[1-6]|table|hr|blockquote|pre|ul|ol|title)\b/;
/** Tags that part words. */
const CELLS = /^\/?(?:td|th|dt|dd)\b/;
const HIDDEN = /^(?:style|script|head)\b/;
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'" },
  ...{
    ndash: '–',
    mdash: '—',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    laquo: '«',
    raquo: '»',
    hellip: '…',
    middot: '·',
    bull: '•',
  },
};
/** Letters of Latin-1 with a mark: `&auml;`, `&Eacute;`. The mark is a combining character; normalising joins both. */
const MARKS: Readonly<Record<string, string>> = {
  ...{ uml: '\u0308', acute: '\u0301', grave: '\u0300', circ: '\u0302', tilde: '\u0303', cedil: '\u0327', ring: '\u030a', caron: '\u030c' },
};
const LETTERS: Readonly<Record<string, string>> = { szlig: 'ß', oslash: 'ø', Oslash: 'Ø', aelig: 'æ', AElig: 'Æ', iquest: '¿', iexcl: '¡' };

/** Text of the html: tags gone, blocks on lines of their own, common entities decoded. Never throws; time grows with the length. */
export function htmlToText(html: string): string {
  const pieces: string[] = [];
  let from = 0;
  let unclosed = false;
  while (from < html.length) {
    const open = html.indexOf('<', from);
    if (open < 0) break;
    pieces.push(html.slice(from, open).replace(/\s+/g, ' '));
    const close = html.indexOf('>', open);
    if (close < 0) return decodeEntities(pieces.join(''));
    const tag = html.slice(open + 1, Math.min(close, open + TAG_CHARS_MAX)).toLowerCase();
    if (BREAKS.test(tag)) pieces.push('\n');
    else if (CELLS.test(tag)) pieces.push(' ');
    from = close + 1;
    if (HIDDEN.test(tag)) {
      const end = unclosed ? -1 : html.indexOf(`</${tag.slice(0, 4)}`, from);
      // One search that finds nothing is enough: thousands of unclosed tags must not cost thousands of searches.
      if (end < 0) unclosed = true;
      else from = end;
    }
  }
  pieces.push(html.slice(from).replace(/\s+/g, ' '));
  return decodeEntities(pieces.join(''));
}

/** Only the start of a tag says what it is. */
const TAG_CHARS_MAX = 40;

function decodeEntities(text: string): string {
  return text.replace(/&(#?\w{1,8});/g, (whole, name: string) => {
    const marked = /^([A-Za-z])(uml|acute|grave|circ|tilde|cedil|ring|caron)$/.exec(name);
    if (marked !== null) return `${marked[1]}${MARKS[marked[2] ?? ''] ?? ''}`.normalize('NFC');
    const known = LETTERS[name] ?? ENTITIES[name.toLowerCase()];
    if (known !== undefined) return known;
    const code = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1];
    const decimal = /^#(\d{1,7})$/.exec(name)?.[1];
    const point = code !== undefined ? Number.parseInt(code, 16) : decimal !== undefined ? Number(decimal) : -1;
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
