// This file renders every refusal as a problem (RFC 9457): ours, the framework's, the database's, and the ones nobody expected.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';
import { MISSING } from '../issue-words.ts';
import type { Log } from '../log.ts';
import { isDatabaseAway, storeUnavailable } from '../store/db.ts';

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly field?: string;
  readonly errors?: readonly { readonly field?: string; readonly detail: string }[];
  readonly request_id: string;
}

/** One issue of a schema, in the form in which the framework carries it. */
export interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly keyword?: string | undefined;
  readonly params?: unknown;
}

/** Issues listed in one answer; a batch of a thousand wrong items need not be told a thousand times. */
const ISSUES_MAX = 20;
const SECONDS_TO_RETRY = 1;
const CODED = /^([A-Z][A-Z_]+): (.*)$/s;

/** Answers with the problem of `error`; logs what is our own fault. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const refusal = toAppError(error);
  // Starting, stopping and a database that is away are told to the caller; only what nobody expected needs its stack in the log.
  if (refusal.code === 'INTERNAL') {
    log.error({ event: 'request_failed', request_id: request.id, route: request.routeOptions.url, err: refusal.cause ?? error });
  } else if (refusal.code === 'STORE_UNAVAILABLE') {
    log.warn({ event: 'store_unavailable', request_id: request.id, route: request.routeOptions.url, reason: reasonOf(refusal.cause) });
  }
  if (refusal.retryable && !reply.hasHeader('retry-after')) void reply.header('retry-after', String(SECONDS_TO_RETRY));
  if (refusal.status === 401 && !reply.hasHeader('www-authenticate')) void reply.header('www-authenticate', 'Bearer');
  return (
    reply
      .code(refusal.status)
      .header('content-type', 'application/problem+json')
      // Bytes, because the framework would put a charset behind the type of a text, which JSON types do not have.
      .send(Buffer.from(JSON.stringify({ ...problemOf(refusal, request.id), ...moreIssues(error) })))
  );
}

function reasonOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}

/** The body for one refusal; also the verdict on one item of a batch. */
export function problemOf(refusal: AppError, requestId: string): ProblemBody {
  return {
    type: `/errors/${refusal.code}`,
    title: titleOf(refusal.code),
    status: refusal.status,
    detail: refusal.message,
    code: refusal.code,
    hint: refusal.hint,
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
    request_id: requestId,
  };
}

/** `MAIL_TOO_LARGE` → "Mail too large". */
export function titleOf(code: ErrorCode): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Finds the code for anything that was thrown. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const validation = issuesOf(error);
  if (validation?.[0]) return fromIssue(validation[0]);
  if (isDatabaseAway(error)) return storeUnavailable(error);
  if (error instanceof pg.DatabaseError) return fromDatabase(error);
  return fromFramework(error) ?? new AppError('INTERNAL', 'Something broke on our side.', { cause: error });
}

function issuesOf(error: unknown): readonly ValidationIssue[] | undefined {
  // Fastify hangs the issues of a schema on the error it throws.
  return error instanceof Error ? (error as Partial<FastifyError>).validation : undefined;
}

/** One issue of a schema as a refusal. */
export function fromIssue(issue: ValidationIssue): AppError {
  const { code, field, detail } = readIssue(issue);
  return new AppError(code, detail, field === '' ? {} : { field });
}

function readIssue(issue: ValidationIssue): { code: ErrorCode; field: string; detail: string } {
  const path = fieldName(issue.instancePath.split('/').filter((part) => part !== ''));
  const coded = CODED.exec(issue.message ?? '');
  if (coded?.[1] && coded[1] in ERROR_CATALOGUE) {
    // The line above looked the code up.
    return { code: coded[1] as ErrorCode, field: path, detail: coded[2] ?? '' };
  }
  const keys = unknownKeys(issue);
  if (keys.length > 0) {
    const field = path === '' ? (keys[0] ?? '') : `${path}.${keys[0]}`;
    return { code: 'REQUEST_INVALID', field, detail: `There is no field "${field}" here.` };
  }
  const words = issue.message ?? 'it is not as it has to be';
  if (path === '' && words === MISSING)
    return { code: 'REQUEST_INVALID', field: '', detail: 'The request has no body; a JSON object is needed here.' };
  return {
    code: 'REQUEST_INVALID',
    field: path,
    detail: path === '' ? `${words.charAt(0).toUpperCase()}${words.slice(1)}.` : `${path}: ${words}.`,
  };
}

function unknownKeys(issue: ValidationIssue): string[] {
  if (issue.keyword !== 'unrecognized_keys') return [];
  // zod's issue of this kind lists the keys it did not know.
  const { keys } = issue.params as { keys?: string[] };
  return keys ?? [];
}

/** `['to', '2', 'email']` → `to[2].email`, as the caller wrote it. */
function fieldName(path: readonly string[]): string {
  return path.reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : name === '' ? part : `${name}.${part}`), '');
}

function moreIssues(error: unknown): Pick<ProblemBody, 'errors'> {
  const issues = issuesOf(error);
  if (!issues || issues.length < 2) return {};
  return {
    errors: issues.slice(0, ISSUES_MAX).map((issue) => {
      const { field, detail } = readIssue(issue);
      return field === '' ? { detail } : { field, detail };
    }),
  };
}

function fromDatabase(error: pg.DatabaseError): AppError {
  if (error.code === '23505') return new AppError('CONFLICT', 'This exists already.', { cause: error });
  // 22P05 and 22021: text with NUL or broken encoding, which PostgreSQL cannot hold.
  if (error.code === '22P05' || error.code === '22021')
    return new AppError('REQUEST_INVALID', 'The text holds a character that cannot be stored.', { cause: error });
  return new AppError('INTERNAL', 'Something broke on our side.', { cause: error });
}

/** Codes of fastify's own refusals. */
const FRAMEWORK: Readonly<Record<string, readonly [code: ErrorCode, detail: string, hint?: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MEDIA_TYPE_UNSUPPORTED', 'This Content-Type is not read here.'],
  FST_ERR_CTP_EMPTY_TYPE: ['MEDIA_TYPE_UNSUPPORTED', 'The Content-Type is empty.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is larger than this address takes.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['REQUEST_MALFORMED', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['REQUEST_MALFORMED', 'The body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['REQUEST_MALFORMED', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['REQUEST_MALFORMED', 'The address of the request is not valid.', 'Escape the parts of the address (percent-encoding).'],
  FST_ERR_ASYNC_CONSTRAINT: ['REQUEST_MALFORMED', 'The request is not valid.'],
  FST_ERR_NOT_FOUND: ['NOT_FOUND', 'There is nothing at this address.'],
};

function fromFramework(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  // Fastify's errors carry a code and a status.
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : FRAMEWORK[code];
  if (known) return new AppError(known[0], known[1], { cause: error, ...(known[2] === undefined ? {} : { hint: known[2] }) });
  if (error instanceof SyntaxError && statusCode === 400)
    return new AppError('REQUEST_MALFORMED', 'The body is not valid JSON.', { cause: error });
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? new AppError('REQUEST_MALFORMED', 'The request could not be read.', { hint: 'Check its address, headers and body.', cause: error })
    : null;
}
