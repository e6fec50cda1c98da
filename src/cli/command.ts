// This file is the form of every command of `packetboat`: main.ts lists them, each lives in a file of its own.
import type { Readable, Writable } from 'node:stream';

export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Answers the exit status: 0 done, 1 refused, 2 not understood. */
  run(args: string[], io: CommandIo): Promise<number>;
}
