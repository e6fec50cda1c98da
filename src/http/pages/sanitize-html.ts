// This file makes the html of a mail harmless for the console's preview. Nothing of the input passes as it is: the output is put together anew from
// listed elements, listed attributes with quoted values, and escaped text, so whatever a browser would have made of odd input does not matter.
import { escapeHtml } from './html.ts';

export interface SanitizeOptions {
  /** The picture behind a `cid:` link as a `data:` address, or null. */
  readonly inlinePicture: (contentId: string) => string | null;
}

const ELEMENTS = new Set(
  `a abbr address article aside b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer
  h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th
  thead time tr tt u ul var wbr`.split(/\s+/),
);
const VOID = new Set(['br', 'col', 'hr', 'img', 'wbr']);
/** Their content goes with them: it is code, style, or text that is read by other rules. */
const SWALLOWED = new Set(
  'script style title textarea xmp iframe noembed noframes noscript plaintext template svg math object embed applet audio video select canvas head'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'align alt bgcolor border cellpadding cellspacing color colspan dir face height lang rowspan size span start title type valign width'.split(
    ' ',
  ),
);
const PROPERTY =
  /^(color|background|background-color|border(-(top|right|bottom|left))?(-(color|style|width|radius|collapse|spacing))?|border-(collapse|spacing|radius)|clear|direction|display|float|font(-(family|size|style|weight|variant))?|height|letter-spacing|line-height|list-style(-type)?|margin(-(top|right|bottom|left))?|(max|min)-(width|height)|overflow-wrap|padding(-(top|right|bottom|left))?|table-layout|text-(align|decoration|indent|transform)|vertical-align|white-space|width|word-(break|spacing|wrap))$/;
const PROPERTY_VALUE = /^[\w\s#%.,()'"!+/-]*$/;
/** Functions that load or compute; colours and lengths need none of them. */
const FORBIDDEN_FUNCTION = /\b(url|image|image-set|cross-fade|element|expression|attr|var|env|src|paint)\s*\(/i;
const LINK = /^(https?:|mailto:|tel:)/i;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  colon: ':',
  tab: '\t',
  newline: '\n',
};

/** Input beyond this is cut: no mail for people is longer, and a preview need not hang on one that is. */
const INPUT_CHARS_MAX = 2_000_000;
const ATTRIBUTES_MAX = 100;

interface Cursor {
  readonly html: string;
  at: number;
}

/** The harmless form of a fragment or page. Never throws. */
export function sanitizeHtml(input: string, options: SanitizeOptions): string {
  const cursor: Cursor = { html: input.slice(0, INPUT_CHARS_MAX), at: 0 };
  const out: string[] = [];
  while (cursor.at < cursor.html.length) {
    const open = cursor.html.indexOf('<', cursor.at);
    const end = open < 0 ? cursor.html.length : open;
    out.push(text(cursor.html.slice(cursor.at, end)));
    cursor.at = end;
    if (open >= 0) out.push(markup(cursor, options));
  }
  return out.join('');
}

/** Character references in text stay what they are. */
function text(raw: string): string {
  return raw.replaceAll('>', '&gt;');
}

/** Reads what begins with "<" and answers what may stand in its place. */
function markup(cursor: Cursor, options: SanitizeOptions): string {
  const { html } = cursor;
  if (html.startsWith('<!--', cursor.at)) return skipTo(cursor, '-->');
  if (/[!?]/.test(html[cursor.at + 1] ?? '')) return skipTo(cursor, '>');
  const name = /^<(\/?)([a-zA-Z][^\s/>]*)/.exec(html.slice(cursor.at, cursor.at + 100));
  if (!name) {
    cursor.at += 1;
    return '&lt;';
  }
  const [whole, slash, tag = ''] = name;
  const element = tag.toLowerCase();
  cursor.at += whole.length;
  const attributes = readAttributes(cursor);
  if (slash) return ELEMENTS.has(element) && !VOID.has(element) ? `</${element}>` : '';
  if (SWALLOWED.has(element)) return swallow(cursor, element);
  if (!ELEMENTS.has(element)) return '';
  return `<${element}${writeAttributes(element, attributes, options)}>`;
}

/** Reads attributes up to and with the closing ">". */
function readAttributes(cursor: Cursor): Map<string, string> {
  const attributes = new Map<string, string>();
  const form = /[\s/]*(?:>|([^\s=/>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?)/y;
  for (let count = 0; count < ATTRIBUTES_MAX && cursor.at < cursor.html.length; count += 1) {
    form.lastIndex = cursor.at;
    const found = form.exec(cursor.html);
    if (!found) break;
    cursor.at = form.lastIndex;
    if (found[1] === undefined) return attributes;
    const key = found[1].toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decode(found[2] ?? found[3] ?? found[4] ?? ''));
  }
  skipTo(cursor, '>');
  return attributes;
}

function writeAttributes(element: string, attributes: ReadonlyMap<string, string>, options: SanitizeOptions): string {
  const kept: [string, string][] = [];
  for (const [key, value] of attributes) {
    if (ATTRIBUTES.has(key)) kept.push([key, value]);
    else if (key === 'style') kept.push(['style', safeStyle(value)]);
    else if (key === 'href' && element === 'a' && LINK.test(value.trim())) kept.push(['href', value.trim()]);
    else if (key === 'src' && element === 'img') {
      const picture = /^cid:/i.test(value.trim()) ? options.inlinePicture(value.trim().slice(4)) : null;
      if (picture !== null) kept.push(['src', picture]);
    }
  }
  if (element === 'a') kept.push(['target', '_blank'], ['rel', 'noopener noreferrer nofollow']);
  return kept.map(([key, value]) => ` ${key}="${escapeHtml(value)}"`).join('');
}

function safeStyle(style: string): string {
  return style
    .split(';')
    .map((declaration) => {
      const colon = declaration.indexOf(':');
      return [declaration.slice(0, colon).trim().toLowerCase(), declaration.slice(colon + 1).trim()] as const;
    })
    .filter(([property, value]) => PROPERTY.test(property) && PROPERTY_VALUE.test(value) && !FORBIDDEN_FUNCTION.test(value))
    .map(([property, value]) => `${property}:${value}`)
    .join(';');
}

/** Character references in attributes, so that what is checked is what the browser would see. Unknown ones stay text. */
function decode(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,10}));?/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
  });
}

function swallow(cursor: Cursor, element: string): string {
  const close = new RegExp(`</${element}(?=[\\s/>])`, 'gi');
  close.lastIndex = cursor.at;
  const found = close.exec(cursor.html);
  cursor.at = found ? found.index : cursor.html.length;
  return '';
}

function skipTo(cursor: Cursor, end: string): string {
  const at = cursor.html.indexOf(end, cursor.at);
  cursor.at = at < 0 ? cursor.html.length : at + end.length;
  return '';
}
