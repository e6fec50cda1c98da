// This file runs commands of the command line against an API without doors around it, as an operator would type them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from '../../src/cli/command.ts';
import { httpDesk } from './http-desk.ts';

/** `run` answers what was printed and expects the exit status 0, `json` the parsed answer, `ends` printed words and exit status. */
export async function cliDesk(t: Parameters<typeof httpDesk>[0]) {
  const desk = await httpDesk(t);
  const url = await desk.app.listen({ host: '127.0.0.1', port: 0 });
  const cwd = mkdtempSync(join(tmpdir(), 'packetboat-cli-'));
  t.after(async () => rmSync(cwd, { recursive: true, force: true }));
  const env: Record<string, string> = { PB_URL: url, PB_KEY: desk.operatorKey, XDG_CONFIG_HOME: join(cwd, 'config') };
  const ends = async (command: Command, args: string[], stdin = '', as: Record<string, string> = env) => {
    const out: string[] = [];
    const write = (chunk: unknown) => Boolean(out.push(String(chunk)));
    const io = { stdin: Readable.from([Buffer.from(stdin)]), stdout: { write }, stderr: { write }, env: as, cwd };
    const status = await command.run(args, io);
    return { status, said: out.join('') };
  };
  const run = async (command: Command, args: string[], stdin = '', as: Record<string, string> = env) => {
    const { status, said } = await ends(command, args, stdin, as);
    assert.equal(status, 0, said);
    return said;
  };
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes; each test says what it expects.
  const json = async (command: Command, args: string[], stdin?: string): Promise<any> =>
    JSON.parse(await run(command, [...args, '--json'], stdin));
  return { desk, url, cwd, env, run, json, ends };
}
