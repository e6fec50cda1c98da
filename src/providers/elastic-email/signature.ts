// This file checks Elastic Email's optional webhook signature. How exactly the text is put together is published nowhere, so every layout that
// its documents allow is tried, each in constant time, and the one that fits is named in the log.
import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../delivery/provider.ts';
import { sameSecret } from '../webhook-reading.ts';

/** The name of the layout that fits ("whole key, id.ts.body, hex"), or null. */
export function signatureLayout(request: WebhookRequest, secret: string): string | null {
  const {
    'x-elasticemail-signature': header = '',
    'x-elasticemail-timestamp': ts = '',
    'x-elasticemail-webhook-id': id = '',
  } = request.headers;
  const [, given] = /^v1=([A-Za-z0-9+/=_-]{1,200})$/.exec(header.trim()) ?? [];
  if (given === undefined) return null;
  const keys: [string, Buffer][] = [['whole key', Buffer.from(secret)]];
  if (secret.startsWith('whsec_')) keys.push(['decoded key', Buffer.from(secret.slice('whsec_'.length), 'base64')]);
  const prefixes: [string, string][] = [
    ['ts.body', `${ts}.`],
    ['id.ts.body', `${id}.${ts}.`],
    ['body', ''],
  ];
  let fits: string | null = null;
  for (const [keyName, key] of keys) {
    for (const [dataName, prefix] of prefixes) {
      const digest = createHmac('sha256', key).update(prefix).update(request.body).digest();
      for (const encoding of ['hex', 'base64'] as const) {
        if (sameSecret(given, digest.toString(encoding))) fits = `${keyName}, ${dataName}, ${encoding}`;
      }
    }
  }
  return fits;
}
