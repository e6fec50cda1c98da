// This file tells how a domain's records are published: step by step at its DNS host, as a zone file, and as a message to forward to whoever runs
// the website. Records that are right already are left out; optional ones only stand in the zone file.
import type { Language } from '../../language.ts';
import type { ExpectedRecord } from '../expected-records.ts';
import { ANOTHER_HOST, DNS_HOSTS, type DnsHost } from './dns-hosts.ts';
import { type OnboardingWords, onboardingWords } from './words.ts';
import { quotedStrings, zoneFile } from './zone-file.ts';

export interface PublishedRecord extends ExpectedRecord {
  readonly state: string;
  readonly found: readonly string[];
}

export interface InstructionsQuestion {
  readonly domain: string;
  /** The zone the domain lies in: `club.example` for `mail.club.example`. */
  readonly zone: string;
  readonly records: readonly PublishedRecord[];
  readonly host: DnsHost;
  readonly language: Language;
}

export interface InstructionStep {
  readonly text: string;
  /** The record it is about. */
  readonly record_id: string | null;
  /** What goes into which field of the form. */
  readonly fields: { readonly label: string; readonly value: string }[];
}

export interface Instructions {
  readonly hosts: { readonly id: string; readonly name: string }[];
  readonly steps: InstructionStep[];
  readonly zone_file: string;
  readonly message: { readonly subject: string; readonly text: string };
}

/** TXT values from this length on are cut or folded by some forms. */
const LONG_CHARS = 200;
/** Records that are one of their kind at a name: a second one spoils both. */
const ONE_OF_A_KIND: ReadonlySet<string> = new Set(['spf', 'dmarc', 'mta-sts', 'tls-rpt']);

export function instructions(question: InstructionsQuestion): Instructions {
  const words = onboardingWords(question.language);
  const missing = question.records.filter((record) => record.state !== 'ok');
  const wanted = missing.filter((record) => record.needed !== 'optional');
  return {
    hosts: [...DNS_HOSTS, ANOTHER_HOST].map(({ id, name }) => ({ id, name })),
    steps: wanted.length === 0 ? [step(words.nothing)] : stepsOf(question, wanted, words),
    zone_file: zoneFile(missing.map((record) => ({ record, comment: commentOf(record, question.domain, words) }))),
    message: messageOf(question, wanted, words),
  };
}

/** The part of a name before its zone; '' for the zone itself, the whole name when it lies elsewhere. */
export function relativeName(host: string, zone: string): string {
  if (host === zone) return '';
  return host.endsWith(`.${zone}`) ? host.slice(0, -zone.length - 1) : host;
}

function stepsOf(question: InstructionsQuestion, wanted: readonly PublishedRecord[], words: OnboardingWords): InstructionStep[] {
  const { host, language, zone } = question;
  const aliases = wanted.some((record) => record.type === 'CNAME');
  const long = wanted.some((record) => record.value.length > LONG_CHARS);
  const name = host === ANOTHER_HOST ? '' : host.name;
  return [
    step(words.open(name, host.where[language])),
    step(words.relative(zone)),
    ...wanted.map((record) => recordStep(question, record, words)),
    ...(aliases && host.targetDot ? [step(words.targetDot)] : []),
    ...(aliases && host.proxy ? [step(words.proxy)] : []),
    ...(host.quotes ? [step(words.quotes)] : long ? [step(words.long)] : []),
    step(words.done),
  ];
}

function recordStep({ host, language, zone }: InstructionsQuestion, record: PublishedRecord, words: OnboardingWords): InstructionStep {
  const labels = host.fields[language];
  const short = relativeName(record.host, zone);
  const alias = record.type !== 'TXT';
  const fields = [
    { label: words.type, value: record.type },
    { label: labels.name, value: short === '' ? host.root : short },
    { label: alias ? labels.target : labels.text, value: enteredValue(record, host) },
  ];
  const there = replaced(record);
  const text = there === null ? words.add(words.purpose[record.purpose]) : words.replace(words.purpose[record.purpose], there);
  return { text: short === '' && host.root === '' ? `${text} ${words.root}` : text, record_id: record.id, fields };
}

function enteredValue(record: PublishedRecord, host: DnsHost): string {
  if (record.type === 'TXT') return host.quotes ? quotedStrings(record.value) : record.value;
  return host.targetDot ? `${record.value}.` : record.value;
}

/** What stands there now and has to go. */
function replaced(record: PublishedRecord): string | null {
  return ONE_OF_A_KIND.has(record.purpose) && record.found.length > 0 ? record.found.join(' · ') : null;
}

function commentOf(record: PublishedRecord, domain: string, words: OnboardingWords): string {
  const there = replaced(record);
  if (record.purpose === 'mta-sts') return `${words.purpose['mta-sts']} ${words.policy(domain)}`;
  return there === null ? words.purpose[record.purpose] : `${words.purpose[record.purpose]} ${words.replaces(there)}`;
}

function messageOf({ domain, zone }: InstructionsQuestion, wanted: readonly PublishedRecord[], words: OnboardingWords) {
  const subject = words.subject(domain);
  if (wanted.length === 0) return { subject, text: `${words.nothing}\n` };
  const records = wanted.map((record, index) => {
    const short = relativeName(record.host, zone) || '@';
    const there = replaced(record);
    return [
      `${index + 1}. ${record.type}: ${words.purpose[record.purpose]}`,
      `   ${words.name}: ${record.host} (${words.shortName(short)})`,
      `   ${words.value}: ${record.value}`,
      ...(there === null ? [] : [`   ${words.replaces(there)}`]),
    ].join('\n');
  });
  const file = zoneFile(wanted.map((record) => ({ record, comment: null })));
  return { subject, text: [words.greeting(domain, zone), ...records, words.closing, `${words.zoneFile}\n\n${file}`].join('\n\n') };
}

function step(text: string): InstructionStep {
  return { text, record_id: null, fields: [] };
}
