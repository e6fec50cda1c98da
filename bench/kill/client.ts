// This file is the load of the kill benchmark: sessions that hand in messages, each to a recipient of its own, and remember what they were told.
// What was answered 250 is accepted, whatever happens to the server afterwards; what was not answered may or may not be.
import { setTimeout as delay } from 'node:timers/promises';
import { connectSmtp, type SmtpClient, wireMessage } from '../kit/smtp-client.ts';

export interface KillClient {
  /** Answered 250. */
  readonly accepted: ReadonlySet<string>;
  /** The line broke after the message was on its way. */
  readonly unanswered: ReadonlySet<string>;
  /** Answered with a refusal; the reply. */
  readonly refused: ReadonlyMap<string, string>;
  start(): void;
  /** Resolves when every session has ended. */
  stop(): Promise<void>;
}

const SESSIONS = 20;
const BYTES = 4_096;
const RECONNECT_MS = 50;

export function killClient(options: { port: number; from: string; name: string }): KillClient {
  const accepted = new Set<string>();
  const unanswered = new Set<string>();
  const refused = new Map<string, string>();
  let running = false;
  let next = 0;
  let sessions: Promise<void>[] = [];

  async function session(): Promise<void> {
    let kept: SmtpClient | null = null;
    while (running) {
      const client: SmtpClient | null = kept ?? (await connectSmtp({ port: options.port }).catch(() => null));
      kept = null;
      if (client === null) {
        await delay(RECONNECT_MS);
        continue;
      }
      const address = `${options.name}${next++}@dest.example`;
      const headers = { From: `<${options.from}>`, To: `<${address}>`, Date: new Date().toUTCString(), Subject: address };
      try {
        const reply = await client.send({ from: options.from, to: [address], data: wireMessage(headers, BYTES) });
        if (reply.code === 250) {
          accepted.add(address);
          kept = client;
          continue;
        }
        refused.set(address, reply.text);
        await delay(RECONNECT_MS);
      } catch {
        unanswered.add(address);
      }
      client.destroy();
    }
    await kept?.quit();
  }

  return {
    accepted,
    unanswered,
    refused,
    start() {
      running = true;
      sessions = Array.from({ length: SESSIONS }, session);
    },
    async stop() {
      running = false;
      await Promise.all(sessions);
    },
  };
}
