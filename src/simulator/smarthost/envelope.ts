// This file reads the commands of an SMTP transaction (RFC 5321 §4.1.1, DSN parameters of RFC 3461 §4) as a smarthost understands them.

export interface MailCommand {
  readonly address: string;
  readonly sizeBytes: number | null;
  readonly smtpUtf8: boolean;
  /** ENVID, decoded from xtext. */
  readonly envid: string | null;
}

export interface RcptCommand {
  readonly address: string;
  /** NOTIFY words in upper case; null when nothing was said. */
  readonly notify: readonly string[] | null;
  /** ORCPT as `type;address`, decoded from xtext. */
  readonly orcpt: string | null;
}

/** Reads `FROM:<…> params`; null when it is malformed. */
export function parseMail(rest: string): MailCommand | null {
  const parsed = pathAndParameters(rest, 'FROM');
  if (parsed === null) return null;
  const size = parsed.parameters.get('SIZE');
  return {
    address: parsed.path,
    sizeBytes: size === undefined || !/^\d{1,15}$/.test(size) ? null : Number(size),
    smtpUtf8: parsed.parameters.has('SMTPUTF8'),
    envid: decodeXtext(parsed.parameters.get('ENVID') ?? null),
  };
}

/** Reads `TO:<…> params`; null when it is malformed or names nobody. */
export function parseRcpt(rest: string): RcptCommand | null {
  const parsed = pathAndParameters(rest, 'TO');
  if (parsed === null || !/^[^\s@]+@[^\s@]+$/.test(parsed.path)) return null;
  const notify = parsed.parameters.get('NOTIFY');
  return {
    address: parsed.path,
    notify: notify === undefined ? null : notify.toUpperCase().split(','),
    orcpt: decodeXtext(parsed.parameters.get('ORCPT') ?? null),
  };
}

function pathAndParameters(rest: string, word: string): { path: string; parameters: Map<string, string> } | null {
  const found = new RegExp(`^${word}:\\s*<([^<>]*)>\\s*(.*)$`, 'i').exec(rest);
  if (found === null) return null;
  const parameters = new Map<string, string>();
  for (const parameter of (found[2] ?? '').split(' ').filter((one) => one !== '')) {
    const equals = parameter.indexOf('=');
    if (equals < 0) parameters.set(parameter.toUpperCase(), '');
    else parameters.set(parameter.slice(0, equals).toUpperCase(), parameter.slice(equals + 1));
  }
  // A source route before the address is ignored (RFC 5321 §4.1.1.3).
  return { path: (found[1] ?? '').replace(/^@[^:]*:/, ''), parameters };
}

/** RFC 3461 §4: `+` and two hexadecimal digits stand for a byte. */
function decodeXtext(value: string | null): string | null {
  if (value === null) return null;
  const bytes = value.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Undoes dot-stuffing (RFC 5321 §4.5.2). */
export function unstuff(data: Buffer): Buffer {
  const starts = data[0] === 0x2e;
  if (!starts && !data.includes('\r\n.')) return data;
  const text = data.toString('latin1').replaceAll('\r\n.', '\r\n');
  return Buffer.from(starts ? text.slice(1) : text, 'latin1');
}
