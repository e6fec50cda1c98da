// This file is a source of our own, a program beside the benchmark: for STARTTLS and AUTH, which smtp-source cannot do, and for machines without
// smtp-source. The same one for every system. Run by the benchmark as `node bench/kit/own-source.ts '{"port":…}'`.
import type { Load } from './load-shapes.ts';
import { connectSmtp, type SmtpClient, wireMessage } from './smtp-client.ts';
import type { Workshop } from './workshop.ts';

export interface OwnLoad extends Load {
  /** STARTTLS and AUTH PLAIN with it. */
  readonly login?: { readonly username: string; readonly password: string };
}

/** Runs the load in a process of its own; resolves once every message was accepted. */
export async function runOwnSource(shop: Workshop, load: OwnLoad, limitMs: number): Promise<void> {
  await shop.run(process.execPath, [import.meta.filename, JSON.stringify(load)], { limitMs });
}

async function main(load: OwnLoad): Promise<void> {
  const { port, login, from } = load;
  const headers = (to: string) => ({ From: `<${from}>`, To: `<${to}>`, Date: 'Tue, 05 May 2026 08:00:00 +0000', Subject: 'bench' });
  const same = wireMessage(headers(load.to), load.bytes);
  let made = 0;

  async function session(): Promise<void> {
    let client: SmtpClient | null = null;
    while (made < load.messages) {
      made += 1;
      const to = load.distinct ? `${made}${load.to}` : load.to;
      client ??= await connectSmtp({ port, ...(login ? { login } : {}) });
      const reply = await client.send({ from, to: [to], data: load.distinct ? wireMessage(headers(to), load.bytes) : same });
      if (reply.code !== 250) throw new Error(reply.text);
      if (load.kept) continue;
      await client.quit();
      client = null;
    }
    await client?.quit();
  }
  await Promise.all(Array.from({ length: load.sessions }, session));
}

if (import.meta.main) {
  // The benchmark wrote it.
  await main(JSON.parse(process.argv[2] ?? '') as OwnLoad);
}
