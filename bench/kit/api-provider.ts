// This file stands in for SparkPost and Mandrill as far as taking mail goes: it answers hand-overs at once and remembers under which ids it took
// whom, so that events can be made which a desk will recognise.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Handed {
  readonly recipientId: string;
  readonly address: string;
  /** The provider's own id. */
  readonly messageId: string;
}

export interface ApiProvider {
  readonly url: string;
  readonly sparkpost: Handed[];
  readonly mandrill: Handed[];
  close(): Promise<void>;
}

interface Transmission {
  readonly recipients: readonly { readonly address: { readonly email: string }; readonly metadata: { readonly pm_rcpt: string } }[];
}
interface RawMessage {
  readonly to: readonly string[];
  readonly raw_message: string;
}

export async function startApiProvider(): Promise<ApiProvider> {
  const sparkpost: Handed[] = [];
  const mandrill: Handed[] = [];
  let next = 1;

  function answer(url: string, body: string): unknown {
    // The desk also looks at the suppression lists; nobody is on them.
    if (body === '') return { results: [], links: [], total_count: 0 };
    if (url.includes('/rejects/') || url.includes('/allowlists/')) return [];
    if (url.endsWith('/transmissions')) {
      // What our own adapter writes.
      const { recipients } = JSON.parse(body) as Transmission;
      const id = String(65_832_150_000_000_000n + BigInt(next++));
      for (const { address, metadata } of recipients)
        sparkpost.push({ recipientId: metadata.pm_rcpt, address: address.email, messageId: id });
      return { results: { id, total_accepted_recipients: recipients.length, total_rejected_recipients: 0 } };
    }
    // What our own adapter writes.
    const { to, raw_message: raw } = JSON.parse(body) as RawMessage;
    const recipientId = /"pm_rcpt":"([^"]+)"/.exec(raw)?.[1] ?? '';
    return to.map((email) => {
      const id = (next++).toString(16).padStart(32, '0');
      mandrill.push({ recipientId, address: email, messageId: id });
      return { email, status: 'sent', _id: id, reject_reason: null };
    });
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = JSON.stringify(answer(request.url ?? '', Buffer.concat(chunks).toString('utf8')));
      response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api`,
    sparkpost,
    mandrill,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
