// This file checks the SPF record of a domain: whether receivers can read it, what it costs, whom it lets in.
import { SPF_LOOKUPS_MAX, SPF_VOIDS_MAX } from '../../tenancy/dns/compare-spf.ts';
import { type DnsLookup, valuesOf } from '../../tenancy/dns/lookup.ts';
import { countSpf, type SpfTree } from '../../tenancy/dns/spf-count.ts';
import { mergeSpf } from '../../tenancy/dns/spf-merge.ts';
import { chooseSpfRecord, readSpfRecord, type SpfRecord } from '../../tenancy/dns/spf-record.ts';
import { type CheckFinding, findings, unanswered } from './finding.ts';

export interface SpfBranch {
  /** 0 for the record of the name itself. */
  readonly depth: number;
  /** The term that leads here; null for the record of the name itself. */
  readonly term: string | null;
  readonly domain: string;
  readonly record: string | null;
  /** What it costs, with everything below it. */
  readonly lookups: number;
  readonly problem: SpfTree['problem'];
}

export interface SpfCheck {
  readonly record: string | null;
  /** Of 10 that receivers allow; null where there is no single record. */
  readonly lookups: number | null;
  readonly voids: number | null;
  /** The record and everything it includes, each before what it includes itself; empty where there is no single record. */
  readonly tree: readonly SpfBranch[];
  readonly findings: readonly CheckFinding[];
}

const { ok, note, warning, problem } = findings('spf');
/** From here on the next service that is added breaks the record. */
const LOOKUPS_NEAR = 9;
const LENGTH_GOOD = 450;

export async function checkSpf(lookup: DnsLookup, name: string): Promise<SpfCheck> {
  const answer = await lookup.txt(name);
  const none = { record: null, lookups: null, voids: null, tree: [] };
  if (!answer.ok && answer.why === 'unreachable') return { ...none, findings: [unanswered('spf', answer.detail)] };
  const texts = valuesOf(answer);
  const choice = chooseSpfRecord(texts);
  if (choice.kind === 'none') return { ...none, findings: [missing(texts)] };
  if (choice.kind === 'several') {
    const merged = mergeSpf(texts, []);
    const next = merged.ok ? `Replace them by one: ${merged.value.record}` : 'Keep one and move what the others say into it.';
    return {
      ...none,
      findings: [
        problem('several-records', `${choice.texts.length} SPF records stand at ${name}; receivers treat that as an error.`, next),
      ],
    };
  }
  const reading = readSpfRecord(choice.text);
  if (!reading.ok) {
    const says = `The SPF record cannot be read at "${reading.term}": ${reading.message}`;
    return {
      ...none,
      record: choice.text,
      findings: [problem('syntax', says, 'Correct the term; receivers refuse to use the record until then.')],
    };
  }
  const { lookups, voids, tree } = await countSpf(lookup, name);
  const all = [
    ...aboutEnd(reading.value, choice.text),
    ...aboutCost(lookups, voids),
    ...aboutTree(tree),
    ...aboutForm(reading.value, choice.text),
  ];
  const good = all.every(({ state }) => state === 'note');
  const summary = ok('record', `One SPF record, ${lookups} of ${SPF_LOOKUPS_MAX} look-ups.`);
  return { record: choice.text, lookups, voids, tree: branches(tree, 0), findings: good ? [summary, ...all] : all };
}

function branches({ term, domain, record, lookups, problem: wrong, children }: SpfTree, depth: number): SpfBranch[] {
  return [{ depth, term, domain, record, lookups, problem: wrong }, ...children.flatMap((child) => branches(child, depth + 1))];
}

function missing(texts: readonly string[]): CheckFinding {
  const nearly = texts.find((text) => /^\s{0,20}["'“”„]?\s{0,20}v\s{0,20}=?\s{0,20}spf/i.test(text));
  if (nearly !== undefined) {
    return problem(
      'nearly',
      `A record means to be SPF but does not begin with "v=spf1 ": ${nearly}`,
      'Write it so that it begins with "v=spf1 ", without quotation marks.',
    );
  }
  return warning(
    'missing',
    'There is no SPF record.',
    'Where mail is written in the name of the domain itself, publish one; where none is, publish "v=spf1 -all".',
  );
}

function aboutEnd({ directives, redirect }: SpfRecord, text: string): CheckFinding[] {
  const all = directives.find(({ kind }) => kind === 'all');
  if (all === undefined && redirect === null) {
    return [
      warning(
        'no-end',
        'The SPF record has no "all" at its end, so it says nothing about other senders.',
        `Add "~all": ${text.trim()} ~all`,
      ),
    ];
  }
  if (all?.qualifier === '+')
    return [problem('open', '"+all" lets the whole internet write in the name of the domain.', 'End the record with "~all" or "-all".')];
  if (all?.qualifier === '?')
    return [warning('neutral', '"?all" says nothing about other senders.', 'End the record with "~all" or "-all".')];
  return [];
}

function aboutCost(lookups: number, voids: number): CheckFinding[] {
  const list: CheckFinding[] = [];
  const next = 'Remove the services that are no longer used; the tree shows what each costs.';
  if (lookups > SPF_LOOKUPS_MAX)
    list.push(problem('lookups', `The SPF record needs ${lookups} look-ups; receivers stop at ${SPF_LOOKUPS_MAX} with an error.`, next));
  else if (lookups >= LOOKUPS_NEAR)
    list.push(warning('lookups-near', `The SPF record needs ${lookups} of ${SPF_LOOKUPS_MAX} look-ups; the next service breaks it.`, next));
  if (voids > SPF_VOIDS_MAX) {
    list.push(
      problem(
        'voids',
        `The SPF record asks for ${voids} names that do not exist; receivers allow ${SPF_VOIDS_MAX}.`,
        'Remove the terms of names that are gone.',
      ),
    );
  } else if (voids > 0) {
    list.push(
      warning(
        'voids-some',
        `The SPF record asks for ${voids === 1 ? 'a name that does' : `${voids} names that do`} not exist.`,
        'Remove the terms of names that are gone.',
      ),
    );
  }
  return list;
}

/** What is wrong inside includes is an error of the whole. */
function aboutTree(tree: SpfTree): CheckFinding[] {
  const here: CheckFinding[] = [];
  const where = tree.term === null ? '' : `"${tree.term}": `;
  switch (tree.problem) {
    case 'missing':
      here.push(
        problem(
          'include-missing',
          `${where}${tree.detail}, which is an error of the whole record.`,
          'Remove the term, or ask the service for its name of today.',
        ),
      );
      break;
    case 'several':
      here.push(
        problem(
          'include-several',
          `${where}${tree.domain} has several SPF records, which is an error of the whole.`,
          'Tell the service, or remove the term.',
        ),
      );
      break;
    case 'syntax':
      here.push(problem('include-syntax', `${where}${tree.detail}`, 'Tell the service, or remove the term.'));
      break;
    case 'circle':
      here.push(problem('circle', `The records include each other in a circle: ${tree.detail}.`, 'Remove one of the terms.'));
      break;
    case 'unreachable':
      here.push(unanswered('spf', tree.detail));
      break;
    case 'too-deep':
      here.push(
        problem('too-deep', `${where}the includes go on beyond what any receiver reads.`, 'Remove the services that are no longer used.'),
      );
      break;
    case 'depends-on-mail':
      here.push(note('macro', `${where}what stands there depends on each mail, so it is not followed here.`));
      break;
    case null:
      break;
  }
  return [...here, ...tree.children.flatMap(aboutTree)];
}

function aboutForm({ directives }: SpfRecord, text: string): CheckFinding[] {
  const list: CheckFinding[] = [];
  if (directives.some(({ kind }) => kind === 'ptr')) {
    list.push(
      warning(
        'ptr',
        'The SPF record uses "ptr", which is slow and which many receivers pass over.',
        'Write the addresses or an include in its place.',
      ),
    );
  }
  if (text.length > LENGTH_GOOD)
    list.push(note('long', `The SPF record has ${text.length} characters; above ${LENGTH_GOOD} some old resolvers cut it off.`));
  return list;
}
