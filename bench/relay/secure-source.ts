// This file is the source for STARTTLS and AUTH, which smtp-source cannot do: a program of its own beside the benchmark, the same one for every
// system. Run by the benchmark as `node bench/relay/secure-source.ts '{"port":…}'`.

import type { Load } from '../kit/load.ts';
import { limitFor } from '../kit/load.ts';
import { connectSmtp, type SmtpClient, wireMessage } from '../kit/smtp-client.ts';
import type { Workshop } from '../kit/workshop.ts';

export interface SecureLoad extends Load {
  readonly username: string;
  readonly password: string;
}

/** Runs the load in a process of its own; resolves once every message was accepted. */
export async function runSecureSource(shop: Workshop, load: SecureLoad): Promise<void> {
  await shop.run(process.execPath, [import.meta.filename, JSON.stringify(load)], { limitMs: limitFor(load.messages) });
}

async function main(load: SecureLoad): Promise<void> {
  const { port, username, password, from, to } = load;
  const data = wireMessage({ From: `<${from}>`, To: `<${to}>`, Date: 'Tue, 05 May 2026 08:00:00 +0000', Subject: 'bench' }, load.bytes);
  let left = load.messages;
  const open = () => connectSmtp({ port, login: { username, password } });

  async function session(): Promise<void> {
    let client: SmtpClient | null = null;
    while (left > 0) {
      left -= 1;
      client ??= await open();
      const reply = await client.send({ from, to: [to], data });
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
  await main(JSON.parse(process.argv[2] ?? '') as SecureLoad);
}
