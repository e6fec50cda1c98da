// This file takes the quotation marks off a report that a person passed on ("Begin forwarded message: > From: Mail Delivery Subsystem"), so that it is read like the report
// itself. An answer to a report ("Re: …") is conversation and stays as it is.

/** Lines that only a report has, behind a quotation mark. */
const QUOTED_REPORT =
  /^>{1,3} ?(?:final-recipient[ \t]*:|[- ]{3,20}the following addresses had|[- ]{3,20}transcript of session|hi\. this is the qmail)/im;

/** The text without the marks where it is a report passed on; else the text itself. */
export function withoutForwardMarks(subject: string, text: string): string {
  if (/^\s*(?:re|aw|antw|sv|vs)\s*:/i.test(subject) || !QUOTED_REPORT.test(text)) return text;
  const bare = text.slice(text.search(/^>/m)).replace(/^> ?/gm, '');
  // The report's own header, as far as the mail program has kept it, ends at the first empty line.
  const body = /^(?:from|date|to|subject|message-id|return-path)[ \t]*:/i.test(bare) ? bare.indexOf('\n\n') : 0;
  return bare.slice(Math.max(body, 0));
}
