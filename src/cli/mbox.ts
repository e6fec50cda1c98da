// This file takes an mbox file apart (RFC 4155): each mail begins with a line "From sender date" at the beginning of the file or behind an empty line.
// Writers quote such lines inside of mails as ">From "; a mail that holds one unquoted, as returned mail may, is told by what must follow: a header field.

const LF = 10;
/** "From ", an address without blanks, and a date with a time. */
const FROM_LINE = /^From \S+ .*\d\d:\d\d/;
/** Bytes of a line that are looked at; the two lines that tell a mail are short. */
const LINE_BYTES = 200;

/** The mails of an mbox, in their order, without their "From " lines; a file without any is one mail. */
export function mailsInMbox(file: Buffer): Buffer[] {
  const begins: { readonly line: number; readonly mail: number }[] = [];
  let afterEmpty = true;
  for (let at = 0; at < file.length; ) {
    const end = endOfLine(file, at);
    if (afterEmpty && FROM_LINE.test(lineAt(file, at)) && /^[!-9;-~]+:/.test(lineAt(file, end))) begins.push({ line: at, mail: end });
    afterEmpty = lineAt(file, at) === '';
    at = end;
  }
  if (begins.length === 0) return [file];
  return begins.map(({ mail }, index) => file.subarray(mail, begins[index + 1]?.line ?? file.length));
}

function endOfLine(file: Buffer, at: number): number {
  const end = file.indexOf(LF, at);
  return end === -1 ? file.length : end + 1;
}

function lineAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, Math.min(at + LINE_BYTES, endOfLine(file, at))).replace(/\r?\n$/, '');
}
