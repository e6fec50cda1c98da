// This file is `packetboat login`: remembers a desk and a key for the commands after it.
import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { findDesk, forgetLogin, openApi, storeLogin } from './client.ts';
import type { Command } from './command.ts';

const USAGE = `packetboat login --url ORIGIN --key KEY [--ca FILE] [--json]
    Tries the key and remembers both in a file that only you can read. FILE: the certificate (PEM) that vouches for the desk, where this machine does not
    know it.
packetboat login --forget
    Forgets them.
`;

export const loginCommand: Command = {
  name: 'login',
  summary: 'Remember a desk and a key for the other commands.',
  usage: USAGE,
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: {
        url: { type: 'string' },
        key: { type: 'string' },
        ca: { type: 'string' },
        forget: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    if (values.forget) {
      forgetLogin(io.env);
      io.stdout.write(values.json ? '{"forgotten":true}\n' : 'Forgotten.\n');
      return 0;
    }
    const access = findDesk(values, io);
    if (access.key === '') throw new AppError('CLI_USAGE', 'Give the key with --key.');
    // A key that does not work is not worth remembering.
    const session = await openApi(access).ask('GET', '/v1/session');
    const file = storeLogin(io.env, access);
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ url: access.url, file, session })}\n`
        : `${access.url} takes the key; it is remembered in ${file}.\n`,
    );
    return 0;
  },
};
