// This file says in words what is wrong with a value that a schema refused. Doors give it to zod in place of zod's own sentences, which speak of types
// and operators; a schema that has a sentence of its own keeps it.
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What a field that has to be there is told when it is not. */
export const MISSING = 'it is missing';
/** Values named in one sentence; longer lists stand in the description of the API. */
const VALUES_MAX = 40;

const KINDS: Readonly<Record<string, string>> = {
  string: 'write a text',
  number: 'write a number',
  int: 'write a whole number',
  boolean: 'write true or false',
  array: 'give a list',
  object: 'give an object with fields',
  record: 'give an object with fields',
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'write a time with a zone, such as 2026-03-01T09:00:00Z',
  date: 'write a day such as 2026-03-01',
  email: 'write an address such as name@example.org',
  url: 'write an address that begins with https://',
  guid: 'write an id, as an answer gave it',
  uuid: 'write an id, as an answer gave it',
  base64: 'write it as base64',
  cidrv4: 'write a range such as 10.0.0.0/8',
  cidrv6: 'write a range such as fd00::/8',
};

/** The words for one issue: they go on after "field: ", without a full stop. */
export function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : (KINDS[issue.expected] ?? 'it is not of the kind that is needed here');
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum), issue.inclusive ?? true);
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum), issue.inclusive ?? true);
    case 'invalid_value':
      return issue.input === undefined ? MISSING : oneOf(issue.values);
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'it is not written as it has to be';
    case 'invalid_union':
      return union(issue);
    case 'invalid_key':
      return 'a name in it cannot be one';
    case 'unrecognized_keys':
      return `there is no field "${issue.keys[0] ?? ''}" here`;
    case 'not_multiple_of':
      return `write a multiple of ${issue.divisor}`;
    default:
      return 'it is not as it has to be';
  }
}

function tooSmall(origin: string, minimum: number, inclusive: boolean): string {
  const least = inclusive ? minimum : minimum + 1;
  if (origin === 'string') return least === 1 ? 'it is empty' : `it is too short; ${least} characters are the least`;
  if (origin === 'array' || origin === 'set') return least === 1 ? 'the list is empty' : `the list is too short; ${least} are the least`;
  return inclusive ? `write a number from ${minimum} on` : `write a number above ${minimum}`;
}

function tooBig(origin: string, maximum: number, inclusive: boolean): string {
  if (origin === 'string') return `it is too long; ${maximum} characters are the most`;
  if (origin === 'array' || origin === 'set') return `the list is too long; ${maximum} are the most`;
  return inclusive ? `write a number up to ${maximum}` : `write a number below ${maximum}`;
}

function oneOf(values: readonly unknown[]): string {
  if (values.length === 1) return `write ${String(values[0])}`;
  const more = values.length > VALUES_MAX ? ' …' : '';
  return `write one of: ${values.slice(0, VALUES_MAX).map(String).join(', ')}${more}`;
}

/** A union that is told apart by one field names its values, another one names the kinds that its members want. */
function union(issue: Issue & { readonly code: 'invalid_union' }): string {
  if (issue.input === undefined) return MISSING;
  if ('options' in issue && Array.isArray(issue.options)) return oneOf(issue.options);
  const first = new Set(issue.errors.flatMap(([one]) => (one && one.path.length === 0 ? [one.message] : [])));
  return first.size === 0 ? 'it has none of the forms that are taken here' : [...first].join(', or ');
}
