// This file holds the limits of reading reports. Reports come from strangers, so every count, size and depth has an end; the real maximum seen in the
// field is 909 kB and 2,286 records.

export const REPORT_LIMITS = {
  /** A mail, an archive: as large as the largest mail that receivers take. They are held in memory, so this bounds it. */
  packedBytesMax: 25 * 1024 * 1024,
  /** Everything that is read of one input, inflated or plain, all members and nestings together: a hundred times the largest real report. */
  readBytesMax: 100 * 1024 * 1024,
  /** Above `ratioFromBytes`, no archive member may give more than this many bytes for one of its own: deflate ends at 1,032, real reports stay below 100. */
  ratioMax: 500,
  ratioFromBytes: 10 * 1024 * 1024,
  /** Archives inside archives: a doubly packed report is seen, a report packed four times is an attack. */
  archiveDepthMax: 3,
  /** Mails attached to mails: a report that a person forwarded as an attachment, twice. */
  mailDepthMax: 3,
  /** Members of one zip. Reporters pack one. */
  zipMembersMax: 20,
  /** Candidates for reports in one input. */
  reportsMax: 100,
  /** Members of one gzip stream (RFC 1952 §2.2 allows any number); one may be split into a few. */
  gzipMembersMax: 1000,
  /** XML elements inside each other; RFC 9990 needs 6, extensions a few more. */
  xmlDepthMax: 32,
  /** Characters of one text, and of any single token: attributes, comments, tags. */
  textCharsMax: 64 * 1024,
  /** Records of one aggregate report. */
  recordsMax: 1_000_000,
  /** DKIM or SPF results, and override reasons, of one record: RFC 9990 §3.1.1.11 advises 100 signatures. */
  resultsMax: 100,
  /** Errors a reporter may tell in the metadata. */
  errorsMax: 20,
  /** JSON of a TLS report: bytes, values and depth; a large reporter names a few thousand failures. */
  jsonBytesMax: 10 * 1024 * 1024,
  jsonValuesMax: 500_000,
  jsonDepthMax: 16,
  /** Policies and failure details of one TLS report. */
  tlsPoliciesMax: 1000,
  tlsDetailsMax: 100_000,
  /** Kinds of warning kept for one report. */
  warningsMax: 50,
  /** Counts above this are no number of messages and do not fit a 64-bit column. */
  countMax: 2n ** 63n - 1n,
} as const;
