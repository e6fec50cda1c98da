// This file holds the limits of one message; the doors enforce them, `GET /v1/limits` lists them.

export const MAIL_LIMITS = {
  /** Bytes between two line breaks, RFC 5322 §2.1.1. */
  lineBytesMax: 998,
  /** More hops than this is a loop (RFC 5321 §6.3 asks for at least 100 before refusing; our own mail arrives with one or two, and Postfix stops at 50). */
  receivedMax: 50,
  /** Characters of the decoded subject that are kept for search and lists. */
  subjectCharsMax: 500,
  tagsMax: 10,
  /** A tag is a short word: it becomes a provider's tag, where the shortest limit is Mailgun's and SparkPost's order of magnitude. */
  tagCharsMax: 64,
  metadataKeysMax: 20,
  metadataKeyCharsMax: 64,
  metadataValueCharsMax: 500,
  idempotencyKeyCharsMax: 255,
  attachmentsMax: 100,
  customHeadersMax: 50,
  /** An unfolded header value; Gmail refuses longer ones. */
  headerValueBytesMax: 8 * 1024,
} as const;
