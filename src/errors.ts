// This file is the one error class of the house and the catalogue of its codes. Every code stands in docs/ERRORS.md too; a test holds
// both against each other. Retired codes stay in the docs and are never reused.

interface CatalogueEntry {
  /** HTTP status of the RFC 9457 problem. */
  readonly status: number;
  /** SMTP reply: basic code and enhanced code (RFC 3463), where the error can be met at an SMTP door. */
  readonly smtp?: readonly [code: number, enhanced: string];
  /** True when the same request may work later without being changed. */
  readonly retryable?: true;
  /** What to do next, one sentence. */
  readonly hint: string;
}

export const ERROR_CATALOGUE = {
  // ── who is asking ──────────────────────────────────────────────────────────
  AUTH_MISSING: {
    status: 401,
    smtp: [530, '5.7.0'],
    hint: 'Give a key as "Authorization: Bearer …", or log in with AUTH on the SMTP door.',
  },
  AUTH_INVALID: { status: 401, smtp: [535, '5.7.8'], hint: 'Check the key or password; a revoked one has to be replaced by a new one.' },
  AUTH_THROTTLED: {
    status: 429,
    smtp: [421, '4.7.0'],
    retryable: true,
    hint: 'Too many failed log-ins from this address; wait a minute and try again.',
  },
  CREDENTIAL_SUSPENDED: {
    status: 403,
    smtp: [535, '5.7.8'],
    hint: 'This credential is paused; ask the operator of your platform to resume it.',
  },
  TENANT_SUSPENDED: { status: 403, smtp: [550, '5.7.1'], hint: 'This organisation is paused; ask the operator of your platform.' },
  SCOPE_MISSING: { status: 403, smtp: [550, '5.7.1'], hint: 'This key may not do that; make one with the scope that the message names.' },
  TLS_REQUIRED: { status: 403, smtp: [530, '5.7.0'], hint: 'Start TLS first (STARTTLS, or https), then log in.' },
  CSRF_INVALID: { status: 403, hint: 'Reload the page and try again.' },
  // ── the request ────────────────────────────────────────────────────────────
  REQUEST_INVALID: { status: 422, smtp: [501, '5.5.4'], hint: 'Correct the field that the message names.' },
  REQUEST_MALFORMED: { status: 400, hint: 'The body is not valid JSON; check quotes, commas and the Content-Type.' },
  HEADERS_TOO_LARGE: { status: 431, hint: 'Shorten the address or the headers of the request; what is long belongs in its body.' },
  REQUEST_TOO_SLOW: {
    status: 408,
    retryable: true,
    hint: 'Nothing was taken; send the request again, over a faster line or in smaller parts.',
  },
  NOT_FOUND: { status: 404, hint: 'Check the id; objects of other organisations are never shown.' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, hint: 'Send JSON with "Content-Type: application/json".' },
  METHOD_NOT_ALLOWED: { status: 405, hint: 'The documentation at /docs lists what each address can do.' },
  CONFLICT: { status: 409, hint: 'Something with this name exists already; use it or choose another name.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    smtp: [554, '5.5.0'],
    hint: 'This Idempotency-Key came before with another body; use a new key for a new message.',
  },
  IDEMPOTENCY_IN_FLIGHT: {
    status: 409,
    smtp: [451, '4.5.0'],
    retryable: true,
    hint: 'The first request with this key is still running; ask again in a second.',
  },
  RATE_LIMITED: {
    status: 429,
    smtp: [451, '4.7.1'],
    retryable: true,
    hint: 'Slow down; the ratelimit-reset header says when the next place is free.',
  },
  FEEDBACK_RULE_INVALID: {
    status: 422,
    hint: 'Correct the rule that the message names; "packetboat rules test FILE" checks a file without storing it.',
  },
  CURSOR_INVALID: { status: 422, hint: 'Use the "next" value of the page before, unchanged.' },
  STATE_FORBIDS: { status: 409, hint: 'Look at the message: its state no longer allows this.' },
  SOURCE_IS_OURS: {
    status: 409,
    hint: 'Mend what fails there: the source says why, and the page of the domain names the records. If it is no longer used, its reports end by themselves.',
  },
  DKIM_KEY_WAITS: {
    status: 409,
    hint: 'Look at the keys of the domain: they say what they wait for. Another rotation can begin after that.',
  },
  // ── the mail ───────────────────────────────────────────────────────────────
  MAIL_ADDRESS_INVALID: { status: 422, smtp: [553, '5.1.3'], hint: 'Write the address as name@domain.example.' },
  MAIL_FROM_MISSING: { status: 422, smtp: [550, '5.6.0'], hint: 'Add one From header with an address of a domain you may send as.' },
  MAIL_HEADER_LINE_BREAK: { status: 422, smtp: [550, '5.6.0'], hint: 'Remove the line break from the header value.' },
  MAIL_HEADER_INVALID: { status: 422, smtp: [550, '5.6.0'], hint: 'Header names are letters, digits and hyphens; a value is one line.' },
  MAIL_LINE_ENDING_INVALID: {
    status: 422,
    smtp: [554, '5.6.0'],
    hint: 'End every line with CR LF; a CR or LF alone is refused because it can smuggle a second message.',
  },
  MAIL_LINE_TOO_LONG: {
    status: 422,
    smtp: [554, '5.6.0'],
    hint: 'Fold lines at 998 bytes, or encode the part as base64 or quoted-printable.',
  },
  MAIL_MALFORMED: { status: 422, smtp: [554, '5.6.0'], hint: 'The message could not be read as an e-mail; check how it was built.' },
  MAIL_EMPTY: { status: 422, smtp: [554, '5.6.0'], hint: 'Give a text, an html body or an attachment.' },
  MAIL_TOO_LARGE: { status: 413, smtp: [552, '5.3.4'], hint: 'Make the message smaller, or put the attachment online and link to it.' },
  MAIL_LOOP: {
    status: 422,
    smtp: [554, '5.4.6'],
    hint: 'Two servers hand this message to each other; look at its Received headers and break the circle.',
  },
  MAIL_RECIPIENTS_MISSING: { status: 422, smtp: [554, '5.5.1'], hint: 'Name at least one recipient.' },
  MAIL_RECIPIENTS_TOO_MANY: { status: 422, smtp: [452, '4.5.3'], hint: 'Split the list over several messages.' },
  MAIL_ATTACHMENT_INVALID: { status: 422, hint: 'Attachment content is base64; give filename and content_type with it.' },
  MAIL_NEEDS_SMTPUTF8: { status: 422, smtp: [553, '5.6.7'], hint: 'Say SMTPUTF8 in MAIL FROM, or use an address in plain ASCII.' },
  SENDER_NOT_ALLOWED: {
    status: 403,
    smtp: [550, '5.7.1'],
    hint: 'Use a From address of a domain or sender registered for this organisation.',
  },
  PUBLIC_URL_MISSING: {
    status: 409,
    hint: 'Set PACKETBOAT_PUBLIC_URL to the https origin under which people reach this desk; an operator can vouch for the address meanwhile.',
  },
  SENDER_CONFIRMATION_LIMIT: {
    status: 429,
    hint: 'Look for the mail in the folder for spam, or wait until the time in the message; an operator can vouch for the address meanwhile.',
  },
  REWRITING_CAP_REACHED: {
    status: 429,
    smtp: [451, '4.7.1'],
    hint: 'Hand it in again after midnight (UTC), ask the operator for a higher cap, or register a domain of your own.',
  },
  REWRITING_UNAVAILABLE: {
    status: 409,
    hint: 'Set PACKETBOAT_REWRITE_DOMAIN to a domain that is used for nothing else, and publish its records (docs/SENDERS.md).',
  },
  SEND_AT_INVALID: { status: 422, smtp: [550, '5.6.0'], hint: 'send_at is an ISO 8601 time at most 30 days ahead.' },
  STREAM_INVALID: { status: 422, smtp: [550, '5.6.0'], hint: 'stream is "transactional" or "bulk".' },
  METADATA_INVALID: { status: 422, smtp: [550, '5.6.0'], hint: 'metadata is a flat object of short strings; tags are short words.' },
  // ── reports about domains ──────────────────────────────────────────────────
  REPORT_NOT_FOUND: {
    status: 422,
    hint: 'Give a DMARC or TLS report: its XML or JSON, the zip or gzip around it, or the whole mail it came in.',
  },
  REPORT_MALFORMED: { status: 422, hint: 'The report was not counted; ask its sender for a whole one, or repair what the message names.' },
  REPORT_DTD_REFUSED: { status: 422, hint: 'Take the document type declaration out of the XML; no reporter writes one.' },
  REPORT_ARCHIVE_DAMAGED: { status: 422, hint: 'Fetch the file or the mail again; what arrived here is not whole.' },
  REPORT_ENCRYPTED: { status: 422, hint: 'Ask its sender for reports that are not encrypted; signed ones are read.' },
  REPORT_LIMIT: {
    status: 413,
    hint: 'The limit stands in the message; real reports stay far below it, so look at where this one comes from.',
  },
  // ── the world behind us ────────────────────────────────────────────────────
  PROVIDER_UNKNOWN: { status: 422, hint: 'Choose one of the providers that "packetboat accounts providers" lists.' },
  PROVIDER_SETTINGS_INVALID: {
    status: 422,
    hint: 'Correct the setting that the message names; the provider page in the docs shows an example.',
  },
  MAILBOX_SETTINGS_INVALID: { status: 422, hint: 'Correct the setting that the message names; docs/API.md shows a mailbox.' },
  PROVIDER_LIST_NONE: {
    status: 409,
    hint: 'Only accounts of providers that keep such a list have one to read; GET /v1/providers shows which.',
  },
  WEBHOOK_SIGNATURE_INVALID: {
    status: 401,
    hint: 'Copy the webhook key and the exact public address of this webhook from the provider again.',
  },
  WEBHOOK_UNKNOWN: { status: 404, hint: 'Copy the webhook address from the provider account page again.' },
  WEBHOOK_TARGET_FORBIDDEN: {
    status: 422,
    hint: 'Webhooks go to public addresses; an operator can allow private ones with PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS.',
  },
  RETURN_PATH_UNKNOWN: {
    status: 404,
    smtp: [550, '5.1.1'],
    hint: 'Only return paths and reporting addresses of this desk are accepted here.',
  },
  INBOUND_RATE_LIMITED: {
    status: 429,
    smtp: [451, '4.7.1'],
    retryable: true,
    hint: 'Nothing was taken; try again in some minutes.',
  },
  LIMIT_EXCEEDED: { status: 422, smtp: [452, '4.5.3'], hint: 'The limit stands in the message; GET /v1/limits lists all of them.' },
  PAYLOAD_TOO_LARGE: { status: 413, hint: 'The limit stands in the message; GET /v1/limits lists all of them.' },
  NOT_READY: {
    status: 503,
    smtp: [421, '4.3.2'],
    retryable: true,
    hint: 'Packetboat is starting or stopping; try again in a few seconds.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    smtp: [451, '4.3.0'],
    retryable: true,
    hint: 'The database does not answer; nothing was accepted, so hand the message in again.',
  },
  STORE_SCHEMA_NEWER: { status: 500, hint: 'The database was upgraded by a newer Packetboat; start that version, or restore a backup.' },
  STORE_SCHEMA_OLDER: { status: 500, hint: 'Run "packetboat migrate", or start with automatic migration on.' },
  MIGRATION_FAILED: {
    status: 500,
    hint: 'The database is as it was before this migration; start the version before, and report the sentence.',
  },
  DATABASE_START_FAILED: { status: 500, hint: 'Run "packetboat doctor": it names what the embedded database lacks.' },
  DATA_FOLDER_IN_USE: {
    status: 500,
    hint: 'Stop the other one first, or give this one a data folder of its own with PACKETBOAT_DATA_DIR.',
  },
  PORT_IN_USE: { status: 500, hint: 'Stop the other program, or choose another port with the PACKETBOAT_*_PORT settings.' },
  CONFIG_INVALID: { status: 500, hint: '"packetboat config" prints every setting with its meaning and an example.' },
  SECRET_KEY_INVALID: {
    status: 500,
    hint: 'Put back the key file that encrypted these secrets; without it they have to be entered again.',
  },
  SECRET_WANTED_AGAIN: {
    status: 422,
    hint: 'Add the secret that is named to the same change; nobody can have it brought elsewhere without knowing it.',
  },
  SECRET_KEY_ROTATING: { status: 409, hint: '"packetboat secret-key" says how far it is, and for which process it waits.' },
  SECRET_KEY_FILE_READ_ONLY: {
    status: 409,
    hint: 'Add a line made by "openssl rand -base64 32" to the key file on every machine of the desk, then ask again.',
  },
  SECRET_KEY_IN_USE: { status: 409, hint: 'Only a retired key is forgotten; "packetboat secret-key" shows which one is.' },
  CLI_USAGE: { status: 400, hint: 'Add --help to the command to see its form.' },
  CERTIFICATE_NOT_TRUSTED: {
    status: 502,
    hint: 'Name the certificate of the authority that vouches for the desk with --ca FILE (or PB_CA), or have the desk show one that everybody trusts.',
  },
  SERVER_UNREACHABLE: { status: 503, retryable: true, hint: 'Start the desk with "npm start", or name it with --url and --key.' },
  INTERNAL: {
    status: 500,
    smtp: [451, '4.3.0'],
    retryable: true,
    hint: 'This is our fault; the log holds the details under the id in this answer.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** An expected refusal that a person or a program is told about; `message` is for reading, `code` for matching. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** Says more than the catalogue's hint where the place of the error knows more. */
  readonly hint: string;
  readonly status: number;
  readonly retryable: boolean;
  /** Name of the field that is wrong, as the caller wrote it (`to[2]`), if one is. */
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry: CatalogueEntry = ERROR_CATALOGUE[code];
    this.code = code;
    this.hint = options.hint ?? entry.hint;
    this.status = entry.status;
    this.retryable = entry.retryable ?? false;
    this.field = options.field;
  }

  /** The reply at an SMTP door: code, enhanced code, one line of text. */
  get smtp(): { code: number; enhanced: string; text: string } {
    const entry: CatalogueEntry = ERROR_CATALOGUE[this.code];
    const [code, enhanced] = entry.smtp ?? [451, '4.3.0'];
    // Some hints begin with what the message says; on one line it is said once.
    const said = this.hint.startsWith(this.message.replace(/\.$/, '')) ? this.hint : `${this.message} ${this.hint}`;
    return { code, enhanced, text: `${said} (${this.code})`.replace(/[\r\n]+/g, ' ') };
  }
}
