// This file weighs the built console, gzip: script of the first view and of each further page, styles, the page itself, fonts.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
/** What the console may weigh, bytes: readable within a second on a slow phone. */
const LIMITS = { first: 130_000, further: 40_000, css: 16_000, html: 2_000, fonts: 110_000 };

const manifest = JSON.parse(readFileSync(join(DIST, '.vite', 'manifest.json'), 'utf8'));
const gzip = (file) => gzipSync(readFileSync(join(DIST, file))).length;
const complaints = [];
const hold = (what, size, limit) => {
  if (size > limit) complaints.push(`${what} weighs ${size}, limit ${limit}`);
};

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = closure(entry);
const size = (keys) => [...keys].reduce((sum, key) => sum + gzip(manifest[key].file), 0);
// What a room loads after its sentence stands (charts, the lower half of a page) counts as going further.
const router = readFileSync(new URL('../src/router.tsx', import.meta.url), 'utf8');
const rooms = [...router.matchAll(/import\('\.(\/rooms\/[^']+)'\)/g)].map(([, path]) => `src${path}`).filter((key) => key in manifest);
for (const room of rooms) {
  const all = new Set([...first, ...closure(room)]);
  const further = new Set([...closure(room)].filter((key) => !first.has(key)));
  hold(`first view of ${room}`, size(all), LIMITS.first);
  hold(`going to ${room}`, size(further), LIMITS.further);
}
for (const key of Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry && !rooms.includes(name))) {
  hold(`opening ${key}`, size([...closure(key)].filter((name) => !first.has(name))), LIMITS.further);
}
const files = readdirSync(join(DIST, 'assets'));
const css = files.filter((file) => file.endsWith('.css')).reduce((sum, file) => sum + gzip(`assets/${file}`), 0);
const latin = files.filter((file) => /latin-wght/.test(file)).reduce((sum, file) => sum + statSync(join(DIST, 'assets', file)).size, 0);
hold('the styles', css, LIMITS.css);
hold('the page', gzip('index.html'), LIMITS.html);
hold('the fonts', latin, LIMITS.fonts);
for (const complaint of complaints) console.error(complaint);
console.log(
  `console: first script ${size(first)}, heaviest first view ${Math.max(...rooms.map((room) => size(new Set([...first, ...closure(room)]))))}, styles ${css}, fonts ${latin} bytes`,
);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** A chunk with everything it loads at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}
