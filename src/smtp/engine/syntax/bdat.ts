// This file reads the arguments of BDAT (RFC 3030 §2): how many bytes follow, and whether the message ends with them.

export interface BdatArguments {
  /** Bytes behind the line. */
  readonly size: number;
  readonly last: boolean;
}

/** As many digits as SIZE may have (RFC 1870 §3). */
const FORM = /^(\d{1,20})(?: +(LAST))? *$/i;

/** Null: nobody can say where the next command begins. */
export function parseBdat(text: string): BdatArguments | null {
  const found = FORM.exec(text);
  return found && { size: Number(found[1]), last: found[2] !== undefined };
}
