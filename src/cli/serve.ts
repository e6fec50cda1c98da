// This file is `packetboat serve`: the composition root. It reads the settings, opens the desk, says where it is, and winds it up on a signal.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { type Config, loadConfig } from '../config.ts';
import { makeLog } from '../log.ts';
import { providerRegistry } from '../providers/registry.ts';
import type { Command, CommandIo } from './command.ts';
import { setCollector } from './serve/collector.ts';
import { CHECKOUT } from './serve/database.ts';
import { type Desk, openDesk } from './serve/desk.ts';
import { httpsFiles } from './serve/door-tls.ts';
import { leaveProcesses, processNumber, runProcesses, sayReady } from './serve/processes.ts';

const USAGE = `packetboat serve [--roles http,submission,inbound,dispatch,jobs,dns] [--processes N]

Starts the desk. Without DATABASE_URL it brings its own PostgreSQL. Settings are PACKETBOAT_* variables or the file that
PACKETBOAT_CONFIG names; "packetboat config" prints them all.
`;

/** Signals within this time are one wish to stop; a later one means that the person is done waiting. */
const SAME_WISH_MS = 2_000;

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Start the desk: doors, dispatcher, jobs.',
  usage: USAGE,
  run: serve,
};

async function serve(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args, options: { roles: { type: 'string' }, processes: { type: 'string' } } });
  const env = {
    ...io.env,
    ...(values.roles === undefined ? {} : { PACKETBOAT_ROLES: values.roles }),
    ...(values.processes === undefined ? {} : { PACKETBOAT_PROCESSES: values.processes }),
  };
  const config = loadConfig(env, (path) =>
    existsSync(resolve(CHECKOUT, path)) ? readFileSync(resolve(CHECKOUT, path), 'utf8') : undefined,
  );
  const number = processNumber();
  const root = makeLog(config.logLevel);
  const log = number === null ? root : root.child({ process: number });
  const version = versionOf();
  const greet = (text: string) => void io.stdout.write(text);
  if (config.processes > 1 && number === null) return runProcesses({ config, log, env, greet });
  setCollector();
  const desk = await openDesk({ config, log, registry: providerRegistry, version }).catch((error: unknown) => {
    leaveProcesses();
    throw error;
  });
  const text = greeting(desk, config);
  if (number === null) greet(text);
  else sayReady(text);
  const status = await untilSignal(desk, log);
  leaveProcesses();
  return status;
}

/** Resolves with the exit status once a signal came and everything is closed. A second signal ends at once. */
function untilSignal(desk: Desk, log: ReturnType<typeof makeLog>): Promise<number> {
  return new Promise((resolvePromise) => {
    let closingSinceMs: number | null = null;
    const stop = (signal: NodeJS.Signals) => {
      const now = systemClock.monotonicMs();
      if (closingSinceMs !== null) {
        // Ctrl C reaches the whole group, and npm passes it on besides: one wish, several signals.
        if (now - closingSinceMs < SAME_WISH_MS) return;
        log.warn({ event: 'stop_forced', signal });
        process.exit(1);
      }
      closingSinceMs = now;
      log.info({ event: 'stopping', signal });
      void desk.close().then(() => resolvePromise(0));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
}

function versionOf(): string {
  // package.json is ours and has a version.
  const { version } = JSON.parse(readFileSync(resolve(CHECKOUT, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function httpsLine({ httpsPort }: Desk, config: Config): string {
  if (httpsPort === null) return 'off (PACKETBOAT_HTTPS_PORT and a certificate turn it on: deploy/README.md)';
  const made = httpsFiles(config) === null ? ' with a certificate of its own making, which others do not trust' : '';
  return `${config.publicUrl?.startsWith('https:') ? config.publicUrl : `https://${config.hostname}:${httpsPort}`}, on ${config.httpsHost}:${httpsPort}${made}`;
}

function greeting(desk: Desk, config: Config): string {
  const { bootstrap } = desk;
  const where = desk.first
    ? `This is the first start: the secrets below are shown here and kept in ${join(config.dataDir, 'bootstrap.json')} (mode 0600).\n`
    : '';
  const simulator = desk.simulated
    ? '\nNo real provider account is set up, so mail goes to the built-in SIMULATOR: nothing leaves this machine.\n' +
      'Mailboxes end in @mailbox.test; "packetboat simulate fates" lists what each one does.\n'
    : '';
  return `
Packetboat is ready.
${where}
  Console     ${bootstrap.http_url}/      login ${bootstrap.console_login} · password ${bootstrap.console_password || 'as the first node showed it'}
  API         ${bootstrap.http_url}/v1    description at ${bootstrap.http_url}/docs
  HTTPS       ${httpsLine(desk, config)}
  SMTP        ${bootstrap.smtp_host}:${bootstrap.smtp_port}
  Database    ${desk.database}
${simulator}
Hand in a first message:

  curl -s ${bootstrap.http_url}/v1/messages \\
    -H 'Authorization: Bearer ${bootstrap.demo_tenant.api_key}' -H 'Content-Type: application/json' \\
    -d '{"from":"${bootstrap.demo_tenant.from}","to":"member@mailbox.test","subject":"Regatta on Sunday","text":"We start at nine."}'

${config.publicUrl === null ? 'PACKETBOAT_PUBLIC_URL is not set: webhooks of real providers find no way back here.\n' : ''}Stop with Ctrl C.
`;
}
