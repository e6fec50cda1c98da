// This file reads the string catalogue: every text has its German, none uses a word we do not use. Returns complaints.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The console speaks plainly: these words it does not say. */
const FORBIDDEN = [
  [/\bsent\b/i, 'sent'],
  [/success/i, 'success'],
  [/\boops\b/i, 'oops'],
  [/are you sure/i, 'are you sure'],
  [/\bplease\b/i, 'please'],
  [/\bsimply\b/i, 'simply'],
  [/\bbitte\b/i, 'bitte'],
  [/erfolgreich/i, 'erfolgreich'],
  [/\bgesendet\b/i, 'gesendet'],
  [/[a-zäöüß]!/i, 'an exclamation mark'],
];
/** Words that are the same in both languages. */
const SAME = new Set(['CSV', 'Name', 'Host', 'Port', 'Region', 'Webhook', 'Message-ID', 'Domain']);

export async function checkWords(root) {
  const complaints = [];
  for (const name of readdirSync(root).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'words.ts')) {
    const file = join(root, name);
    // Keys may be codes of the API, which has words of its own.
    const text = readFileSync(file, 'utf8')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/^\s*'[\w-]+':/gm, '');
    for (const [pattern, word] of FORBIDDEN) {
      const found = pattern.exec(text);
      if (found !== null)
        complaints.push(`${file} says "${word}": … ${text.slice(Math.max(0, found.index - 40), found.index + 30).replace(/\s+/g, ' ')} …`);
    }
    const exported = await import(pathToFileURL(file).href);
    for (const [catalogue, texts] of Object.entries(exported)) complaints.push(...checkCatalogue(`${name} ${catalogue}`, texts));
  }
  return complaints;
}

function checkCatalogue(where, texts) {
  return Object.entries(texts).flatMap(([key, pair]) => {
    if (!Array.isArray(pair) || pair.length !== 2) return [`${where}.${key} is not a pair of English and German`];
    const [english, german] = pair;
    if (typeof english !== typeof german) return [`${where}.${key}: one is a text, the other is made by a function`];
    if (typeof english === 'function') return english.length === german.length ? [] : [`${where}.${key}: the two take different values`];
    if (german.trim() === '' && english.trim() !== '') return [`${where}.${key} has no German`];
    if (english === german && !SAME.has(english)) return [`${where}.${key} is the same in German: "${english}"`];
    return [];
  });
}

/** Sentences in the sources that no catalogue holds. */
export function checkBareText(files) {
  const complaints = [];
  for (const file of files.filter((name) => name.endsWith('.tsx'))) {
    const text = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
    for (const [, words] of text.matchAll(/<(?!\/)[\w.]+(?:\s[^<>]*)?>\s*([A-Za-z][\w’' ,.]*\s[\w’' ,.]*[a-z])\s*<\//g))
      complaints.push(`${file} has words that stand in no catalogue: "${words}"`);
    for (const [, words] of text.matchAll(/(?:aria-label|title|placeholder|alt)="([A-Za-z][^"]*)"/g))
      complaints.push(`${file} has words that stand in no catalogue: "${words}"`);
  }
  return complaints;
}
