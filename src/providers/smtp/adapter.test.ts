// This file holds the SMTP adapter against the provider contract, over real sockets to the scripted host.
import { type HostAct, type HostStage, startSmtpHost } from '../../../test/fakes/smtp-host.ts';
import type { ProviderAccount } from '../../delivery/provider.ts';
import { Secret } from '../../log.ts';
import { describeProvider, type Misfortune, type ProviderWorld } from '../contract.ts';
import { smtpAdapter } from './adapter.ts';

const REFUSE = 'nobody@mailbox.example';
const DEFER = 'greylisted@mailbox.example';
const LOGIN = { username: 'club', password: 'open sesame' };

async function makeWorld(): Promise<ProviderWorld> {
  const host = await startSmtpHost({ login: LOGIN });
  let release = () => {};
  let noteHeld = () => {};
  const held = new Promise<void>((resolve) => {
    noteHeld = resolve;
  });
  const misfortunes: Record<Misfortune, (stage: HostStage) => HostAct> = {
    unreachable: () => undefined,
    quota: (stage) => (stage === 'auth' ? '454 4.7.0 Throttling failure: Daily message quota exceeded.' : undefined),
    suspended: (stage) => (stage === 'mail' ? '550 5.7.1 Your account has been suspended, contact support' : undefined),
    misconfigured: (stage) => (stage === 'auth' ? '535 5.7.8 Authentication credentials invalid' : undefined),
    throttled: (stage) => (stage === 'data' ? '454 4.7.0 Throttling failure: Maximum sending rate exceeded.' : undefined),
    'closes-before-acceptance': (stage) => (stage === 'data' ? { cut: 'before' } : undefined),
    'closes-after-last-byte': (stage) => (stage === 'dot' ? { cut: 'before' } : undefined),
    nonsense: (stage) => (stage === 'dot' ? { raw: 'HTTP/1.1 200 OK\r\n' } : undefined),
    'holds-answer': (stage) => {
      if (stage !== 'dot') return undefined;
      const hold = new Promise<void>((resolve) => {
        release = resolve;
      });
      noteHeld();
      return { hold };
    },
  };
  let misfortune: Misfortune | null = null;
  host.answer = (stage, { line }) => {
    if (stage === 'rcpt' && line.includes(`<${REFUSE}>`)) return `550 5.1.1 <${REFUSE}>: Recipient address rejected: User unknown`;
    if (stage === 'rcpt' && line.includes(`<${DEFER}>`)) return '450 4.2.0 Greylisted, try again in 300 seconds';
    return misfortune === null ? undefined : misfortunes[misfortune](stage);
  };
  const input = {
    settings: { host: '127.0.0.1', port: host.port, tls: 'none', username: LOGIN.username },
    secret: { password: LOGIN.password },
  };
  const { settings, secret } = smtpAdapter.parseAccount(input);
  const account: ProviderAccount = { id: 'account-1', name: 'smarthost', provider: 'smtp', settings, secret: new Secret(secret) };
  return {
    adapter: smtpAdapter,
    account,
    fates: { deliver: (n) => `member${n}@mailbox.example`, refuse: REFUSE, defer: DEFER },
    accepted: async () => host.accepted.flatMap((mail) => mail.rcptTo.map((address) => ({ address, mime: mail.mime }))),
    script: async (next) => {
      misfortune = next;
      release();
      if (next === 'unreachable') await host.leave();
    },
    held: () => held,
    close: () => host.close(),
  };
}

describeProvider({ name: 'smtp', make: makeWorld });
