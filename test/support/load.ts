// This file hands in mail for tests as fast as a desk takes it, over both doors, and remembers exactly what was accepted: an answer that never
// came is no acceptance. It goes on over kills and restarts until it is told to stop.
import { setTimeout as delay } from 'node:timers/promises';
import { createTransport, type Transporter } from 'nodemailer';
import type { Bootstrap } from '../../src/cli/serve/first-start.ts';

export interface Load {
  /** Addresses whose message was accepted (202 or 250); every address is used once. */
  readonly accepted: ReadonlySet<string>;
  /** Answers that were no acceptance, by status or reply code; 0 when no answer came. */
  readonly refused: ReadonlyMap<number, number>;
  /** Ends the load and resolves when the last answer is in. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Where the desk is now; ports change when it is started again. */
  readonly bootstrap: () => Bootstrap;
  /** Sessions per door. */
  readonly sessions?: number;
  readonly domain?: string;
  /** Wait of a session after a refusal; a desk that is down needs no storm. */
  readonly pauseMs?: number;
}

/** Starts it. */
export function startLoad({ bootstrap, sessions = 3, domain = 'club.test', pauseMs = 50 }: LoadOptions): Load {
  const accepted = new Set<string>();
  const refused = new Map<number, number>();
  let stopped = false;
  let count = 0;
  const next = (door: string) => {
    count += 1;
    return `${door}-${count}@${domain}`;
  };
  const refuse = async (code: number) => {
    refused.set(code, (refused.get(code) ?? 0) + 1);
    await delay(pauseMs);
  };

  async function byHttp(): Promise<void> {
    while (!stopped) {
      const address = next('http');
      const { http_url: url, demo_tenant: tenant } = bootstrap();
      try {
        const answer = await fetch(`${url}/v1/messages`, {
          method: 'POST',
          headers: { authorization: `Bearer ${tenant.api_key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ from: tenant.from, to: address, subject: address, text: 'We start at nine.' }),
        });
        await answer.arrayBuffer();
        if (answer.status === 202) accepted.add(address);
        else await refuse(answer.status);
      } catch {
        await refuse(0);
      }
    }
  }

  async function bySmtp(): Promise<void> {
    let transport: Transporter | null = null;
    let port = 0;
    while (!stopped) {
      const address = next('smtp');
      const { smtp_port: current, demo_tenant: tenant } = bootstrap();
      if (transport === null || port !== current) {
        transport?.close();
        port = current;
        transport = createTransport({
          host: '127.0.0.1',
          port,
          pool: true,
          maxConnections: 1,
          ignoreTLS: true,
          auth: { user: tenant.smtp_username, pass: tenant.smtp_password },
        });
      }
      try {
        await transport.sendMail({ from: tenant.from, to: address, subject: address, text: 'We start at nine.' });
        accepted.add(address);
      } catch (error) {
        await refuse(codeOf(error));
      }
    }
    transport?.close();
  }

  const work = Array.from({ length: sessions }, () => [byHttp(), bySmtp()]).flat();
  return {
    accepted,
    refused,
    async stop() {
      stopped = true;
      await Promise.all(work);
    },
  };
}

/** nodemailer hangs the reply's code on its error where there was a reply. */
function codeOf(error: unknown): number {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : 0;
}
