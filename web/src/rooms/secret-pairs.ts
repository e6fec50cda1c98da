// This file names the halves of a secret that is shown once.
import type { CredentialSecret } from '../api/model.ts';
import type { credentialsWords } from '../words/credentials.words.ts';
import type { Words } from '../words/words.ts';

export function secretPairs(secret: CredentialSecret, words: Words<typeof credentialsWords>): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  if (secret.api_key !== undefined) pairs.push([words.secretKey, secret.api_key]);
  if (secret.smtp_username !== undefined) pairs.push([words.secretUser, secret.smtp_username]);
  if (secret.smtp_password !== undefined) pairs.push([words.secretPassword, secret.smtp_password]);
  return pairs;
}
