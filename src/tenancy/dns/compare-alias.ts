// This file compares an expected CNAME with what stands at its name.

import ipaddr from 'ipaddr.js';
import type { Language } from '../../language.ts';
import { type Compared, type ExpectedRecord, type FoundRecords, mistaken } from './compared.ts';
import { readDkimKey } from './dkim-record.ts';
import { plainName, valuesOf } from './lookup.ts';

/** Addresses under which the largest proxy answers in place of an alias (its published ranges; they have not changed in years). */
const PROXY_RANGES = [
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '108.162.192.0/18',
  '131.0.72.0/22',
  '141.101.64.0/18',
  '162.158.0.0/15',
  '172.64.0.0/13',
  '173.245.48.0/20',
  '188.114.96.0/20',
  '190.93.240.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '2400:cb00::/32',
  '2405:8100::/32',
  '2405:b500::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
].map((range) => ipaddr.parseCIDR(range));

export function compareAlias(expected: ExpectedRecord, found: FoundRecords, language: Language): Compared {
  const tell = mistaken(expected, found, language);
  const answer = found.cname;
  if (answer && !answer.ok && answer.why === 'unreachable') return tell('unreachable', 'no-answer', { detail: answer.detail });
  const targets = answer ? valuesOf(answer).map(plainName) : [];
  const wanted = plainName(expected.value);
  const [target] = targets;
  if (target === undefined) return compareWithoutAlias(expected, found, language);
  if (targets.length > 1) return tell('conflict', 'several-records', {}, targets);
  if (target !== wanted) {
    if (found.wildcard) return tell('missing', 'wildcard-answers', {}, targets);
    const doubled = target.startsWith(`${wanted}.`);
    return tell('different', doubled ? 'target-doubled' : 'other-target', { seen: target, value: wanted }, targets);
  }
  if (found.beside.length > 0) return tell('conflict', 'alias-beside-records', { detail: found.beside.join(', ') }, targets);
  // An alias is worth what stands at its end: a key that cannot be read proves nothing.
  if (expected.purpose === 'dkim' && found.txt) {
    if (!found.txt.ok && found.txt.why === 'unreachable') return tell('unreachable', 'no-answer', { detail: found.txt.detail }, targets);
    const readings = valuesOf(found.txt).map(readDkimKey);
    if (!readings.some((reading) => reading.ok && (expected.spare || !reading.value.revoked)))
      return tell('different', 'key-not-there', { seen: target }, targets);
  }
  return { state: 'ok', found: targets, mistake: null };
}

/** No alias shows: there is an address in its place, its target was put into a text, it stands elsewhere, or it was not made yet. */
function compareWithoutAlias(expected: ExpectedRecord, found: FoundRecords, language: Language): Compared {
  const tell = mistaken(expected, found, language);
  const { addresses, elsewhere } = found;
  if (found.wildcard && elsewhere.length === 0)
    return tell('missing', 'wildcard-answers', {}, [...addresses, ...(found.txt ? valuesOf(found.txt) : [])]);
  if (addresses.length > 0) {
    const proxied = addresses.every(isProxy);
    return tell('different', proxied ? 'proxied' : 'address-instead-of-alias', { seen: addresses.join(', ') }, addresses);
  }
  const texts = found.txt ? valuesOf(found.txt) : [];
  const wanted = plainName(expected.value);
  const misplaced = texts.filter((text) => plainName(text.replace(/^["']|["']$/g, '')) === wanted);
  if (misplaced.length > 0) return tell('different', 'wrong-type', { detail: 'TXT' }, misplaced);
  const [place] = elsewhere;
  if (place) return tell('missing', place.doubled ? 'doubled-domain' : 'wrong-host');
  // The key itself was published here once, or the record of another product.
  if (texts.length > 0) return tell('different', 'records-instead-of-alias', { detail: 'TXT' }, texts);
  const exchangers = found.mx ? valuesOf(found.mx).map(({ exchange }) => exchange) : [];
  if (exchangers.length > 0) return tell('different', 'records-instead-of-alias', { detail: 'MX' }, exchangers);
  return tell('missing', 'not-published');
}

function isProxy(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return PROXY_RANGES.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}
