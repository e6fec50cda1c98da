// This file compares what DNS holds with what a record should be, and names the mistake. Pure: somebody else has looked
// (src/flows/look-at-domain.ts), first at the name itself and, where that is not right, at the places where people put records by mistake.
import type { Language } from '../../language.ts';
import { compareAlias } from './compare-alias.ts';
import { compareText } from './compare-text.ts';
import { type Compared, type ExpectedRecord, type FoundRecords, mistaken } from './compared.ts';
import { type MailExchanger, plainName, valuesOf } from './lookup.ts';

/** Compares. A state other than `ok` always comes with a mistake. */
export function compareRecord(expected: ExpectedRecord, found: FoundRecords, language: Language = 'en'): Compared {
  switch (expected.type) {
    case 'CNAME':
      return compareAlias(expected, found, language);
    case 'TXT':
      return compareText(expected, found, language);
    case 'MX':
      return compareExchangers(expected, found, language);
  }
}

/** MX values are written "10 mx.example.org". The preference is the customer's choice as long as all mail comes to us. */
function compareExchangers(expected: ExpectedRecord, found: FoundRecords, language: Language): Compared {
  const answer = found.mx;
  const wanted = plainName(expected.value.replace(/^\s*\d+\s+/, ''));
  const tell = mistaken(expected, found, language);
  if (answer && !answer.ok && answer.why === 'unreachable') return tell('unreachable', 'no-answer', { detail: answer.detail });
  const exchangers = answer ? valuesOf(answer) : [];
  const texts = exchangers.map(exchangerText);
  if (exchangers.length === 0)
    return tell('missing', found.elsewhere.length > 0 ? 'doubled-domain' : 'not-published', elsewhereFacts(found));
  const others = exchangers.filter(({ exchange }) => exchange !== wanted);
  if (others.length === 0) return { state: 'ok', found: texts, mistake: null };
  const seen = others.map(({ exchange }) => exchange).join(', ');
  if (others.some(({ exchange }) => exchange.startsWith(`${wanted}.`)))
    return tell('different', 'target-doubled', { seen, value: wanted }, texts);
  if (others.length < exchangers.length) return tell('conflict', 'more-exchangers', { seen }, texts);
  return tell('different', 'other-exchangers', { seen, value: wanted }, texts);
}

function exchangerText({ preference, exchange }: MailExchanger): string {
  return `${preference} ${exchange}`;
}

function elsewhereFacts({ elsewhere }: FoundRecords): { seenHost: string } {
  return { seenHost: elsewhere[0]?.host ?? '' };
}
