// This file holds the tokens and the sources against each other: contrast and distance are computed from tokens.css, and no colour, size,
// corner or shadow may stand anywhere else. Returns complaints.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contrast, distance, SIGHTS } from './colour.mjs';

/** WCAG 2.2: text AA, body text AAA, edges of controls and focus. */
const AA = 4.5;
const AAA = 7;
const EDGE = 3;
/** CIE76 distance at which two neighbouring fills are told apart at a glance. */
const DELTA_MIN = 14;
const PAPERS = ['ground', 'surface', 'sunk'];
const LEDGER = [
  'delivered',
  'handed_over',
  'submitting',
  'queued',
  'scheduled',
  'deferred',
  'held',
  'uncertain',
  'bounced',
  'failed',
  'expired',
  'suppressed',
  'cancelled',
];

/** `{name: [light, dark]}` of every colour token. */
export function readTokens(css) {
  const tokens = {};
  for (const [, name, light, dark] of css.matchAll(/--([\w-]+):\s*light-dark\(\s*(#[0-9a-f]{3,8})\s*,\s*(#[0-9a-f]{3,8})\s*\)/gi))
    tokens[name] ??= [light, dark];
  for (const [, name, both] of css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,8})\s*;/gi)) tokens[name] ??= [both, both];
  return tokens;
}

export function checkColours(tokens) {
  const complaints = [];
  const colour = (name, theme) => {
    const pair = tokens[name];
    if (pair === undefined) throw new Error(`tokens.css has no colour --${name}`);
    return pair[theme];
  };
  const need = (ink, paper, least) => {
    for (const theme of [0, 1]) {
      const found = contrast(colour(ink, theme), colour(paper, theme));
      if (found < least)
        complaints.push(`--${ink} on --${paper} (${theme === 0 ? 'light' : 'dark'}) has contrast ${found.toFixed(2)}, needs ${least}`);
    }
  };
  for (const paper of PAPERS) {
    need('ink', paper, AAA);
    for (const ink of ['ink-2', 'ink-3', 'sea', 'note', 'danger']) need(ink, paper, AA);
    for (const state of [...LEDGER, 'complained']) need(`st-${state}`, paper, AA);
    for (const fault of ['recipient', 'content', 'authentication', 'reputation', 'capacity', 'operator', 'policy'])
      need(`ft-${fault}`, paper, AA);
    need('focus', paper, EDGE);
  }
  // Controls stand on ground and surface only.
  for (const paper of ['ground', 'surface']) need('line-strong', paper, EDGE);
  for (const [ink, paper] of [
    ['hull-ink', 'hull'],
    ['hull-ink-2', 'hull'],
    ['on-sea', 'sea'],
    ['on-sea', 'sea-strong'],
    ['on-danger', 'danger'],
    ['note', 'note-wash'],
    ['ink', 'note-wash'],
    ['ink', 'shoal-wash'],
    ['ink-2', 'shoal-wash'],
    ['danger', 'shoal-wash'],
    ['ink', 'sea-wash'],
    ['ink-2', 'sea-wash'],
    ['ink-3', 'sea-wash'],
    ['sea', 'sea-wash'],
    ['sea', 'shoal-wash'],
    ['ink', 'raised'],
    ['ink-2', 'raised'],
    ['ink-3', 'raised'],
    ['ink', 'depth-0'],
    ['ink', 'depth-3'],
    ['on-depth', 'depth-4'],
    ['on-depth', 'depth-5'],
  ])
    need(ink, paper, AA);
  LEDGER.slice(1).forEach((state, index) => {
    const before = LEDGER[index];
    for (const theme of [0, 1]) {
      for (const sight of Object.keys(SIGHTS)) {
        const found = distance(colour(`st-${before}-fill`, theme), colour(`st-${state}-fill`, theme), sight);
        if (found < DELTA_MIN)
          complaints.push(
            `fills of ${before} and ${state} (${theme === 0 ? 'light' : 'dark'}, ${sight}) are ${found.toFixed(1)} apart, need ${DELTA_MIN}`,
          );
      }
    }
  });
  return complaints;
}

/** Values in CSS that are not from a token. */
const STRAY_CSS = [
  [/#[0-9a-f]{3,8}\b(?![^"\n]*["])/i, 'a colour'],
  [/\b(?:rgba?|hsla?|oklch|oklab|lab|lch|hwb)\(/i, 'a colour'],
  [/\bfont-size\s*:/, 'a font size'],
  [/\bfont\s*:(?!\s*(?:var\(--t-|inherit))/, 'a font'],
  [/\bfont-family\s*:(?!\s*(?:var\(--font-|"(?:Newsreader|Atkinson)))/, 'a face'],
  [/\bfont-weight\s*:(?!\s*(?:400|500|inherit|var\(--w-strong\)|200 800)\s*;)/, 'a weight'],
  [/\bborder(?:-\w+)*-radius\s*:(?!(?:\s+(?:var\(--r\d\)|0))+\s*;)/, 'a corner'],
  [/\bbox-shadow\s*:(?!\s*(?:none|var\(--lift-\d\)|inset [^;#]*var\(--[\w-]+\)))/, 'a shadow'],
];
const STRAY_CODE = [
  [/["'`](?:#[0-9a-f]{3}|#[0-9a-f]{6})["'`]/i, 'a colour'],
  [/className="[^"]*-\[/, 'a value of its own in a class'],
  [/\bstyle=\{\{[^}]*(?:color|font|radius|shadow)/i, 'a style of its own'],
];

export function checkSources(root) {
  const complaints = [];
  for (const file of filesUnder(root)) {
    if (file.endsWith('tokens.css')) continue;
    const stray = file.endsWith('.css') ? STRAY_CSS : /\.tsx?$/.test(file) && !/\.(gen|test)\.tsx?$/.test(file) ? STRAY_CODE : [];
    const lines = withoutComments(readFileSync(file, 'utf8'), file).split('\n');
    lines.forEach((line, index) => {
      for (const [pattern, what] of stray)
        if (pattern.test(line)) complaints.push(`${file}:${index + 1} has ${what} that is not a token: ${line.trim()}`);
    });
  }
  return complaints;
}

/** Comments may name colours; their lines stay, so that numbers are right. */
function withoutComments(text, file) {
  const blocks = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return file.endsWith('.css') ? blocks : blocks.replace(/^\s*\/\/.*$/gm, '');
}

export function filesUnder(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
