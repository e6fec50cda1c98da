// This file is the DKIM key that simulated providers show for domains: one real key for all of them, whose private half nobody keeps.
import { generateKeyPairSync } from 'node:crypto';

const BITS = 2048;
let made: string | null = null;

/** Base64 of a public RSA key, made when it is first asked for. */
export function simulatedPublicKey(): string {
  made ??= generateKeyPairSync('rsa', { modulusLength: BITS }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return made;
}
