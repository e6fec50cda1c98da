// This file makes the recipients of a submission out of what the caller named: parsed, each address once, within limits.
import { AppError } from '../errors.ts';
import { addressKey, type EmailAddress, parseAddress } from '../mail/address.ts';

/** Reads a list of addresses. Throws MAIL_RECIPIENTS_MISSING, MAIL_RECIPIENTS_TOO_MANY or MAIL_ADDRESS_INVALID with the place of the fault. */
export function recipientList(given: readonly string[], recipientsMax: number): EmailAddress[] {
  if (given.length === 0) throw new AppError('MAIL_RECIPIENTS_MISSING', 'The message has no recipients.');
  if (given.length > recipientsMax) {
    throw new AppError(
      'MAIL_RECIPIENTS_TOO_MANY',
      `The message names ${given.length} recipients; one message takes at most ${recipientsMax}.`,
    );
  }
  const seen = new Set<string>();
  const addresses: EmailAddress[] = [];
  for (const [index, text] of given.entries()) {
    const parsed = parseAddress(text);
    if (!parsed.ok) throw new AppError(parsed.error.code, parsed.error.message, { field: `recipients[${index}]` });
    const key = addressKey(parsed.value.address);
    if (seen.has(key)) continue;
    seen.add(key);
    addresses.push(parsed.value.address);
  }
  return addresses;
}

/** True when an address needs SMTPUTF8 on the wire (RFC 6531): its local part is not ASCII. */
export function requiresSmtpUtf8(address: string): boolean {
  for (let i = 0; i < address.length; i += 1) if (address.charCodeAt(i) > 127) return true;
  return false;
}
