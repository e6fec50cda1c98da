// This file says whether the author signed or encrypted a message in a way that is bound to the address in From (S/MIME, RFC 8551; PGP/MIME, RFC 3156; inline PGP).
// Such a message cannot go out under another From: readers would be warned of a forgery, and rightly so.
import { readForwardMark } from './forwarded-mail.ts';
import { type MimePart, readMime } from './mime-tree.ts';
import { decodeText } from './transfer-encoding.ts';

const INLINE = '-----BEGIN PGP SIGNED MESSAGE-----';
/** Inline signatures begin with the text; what comes later in a long part is a quotation. Bytes. */
const TEXT_BYTES_MAX = 256 * 1024;

/** `S/MIME` or `PGP`; null: neither. Encrypted mail counts, because what is inside cannot be seen. Never throws. */
export function authorSignature(raw: Buffer): 'S/MIME' | 'PGP' | null {
  const root = readMime(raw);
  // An answer that goes on is signed by whoever wrote it, not by its From.
  if (readForwardMark(root.headers).hops > 0) return null;
  return signatureOf(root);
}

function signatureOf(part: MimePart): 'S/MIME' | 'PGP' | null {
  const { type, params } = part;
  if (/^application\/(?:x-)?pkcs7-(?:mime|signature)$/.test(type)) return 'S/MIME';
  if (type === 'multipart/signed') return (params['protocol'] ?? '').toLowerCase().includes('pgp') ? 'PGP' : 'S/MIME';
  if (type === 'multipart/encrypted' || type === 'application/pgp-signature' || type === 'application/pgp-encrypted') return 'PGP';
  if (type === 'text/plain' && part.disposition !== 'attachment') return decodeText(part, TEXT_BYTES_MAX).includes(INLINE) ? 'PGP' : null;
  for (const child of part.children) {
    const found = signatureOf(child);
    if (found !== null) return found;
  }
  return null;
}
