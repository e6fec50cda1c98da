// This file says in which language the command line speaks: --lang, else what the environment names, else English.
import { AppError } from '../errors.ts';
import { LANGUAGES, type Language } from '../language.ts';
import type { CommandIo } from './command.ts';

/** Variables of POSIX (XBD 8.2), the strongest first: the first that is set decides. */
const VARIABLES = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

/** `named` is the value of --lang. Throws CLI_USAGE for a language we do not speak; one that the environment names and we do not speak is English. */
export function languageWanted(named: string | undefined, env: CommandIo['env']): Language {
  if (named !== undefined) {
    const known = LANGUAGES.find((language) => language === named);
    if (known === undefined) throw new AppError('CLI_USAGE', `--lang is one of ${LANGUAGES.join(', ')}.`);
    return known;
  }
  const locale = VARIABLES.map((variable) => env[variable]).find((value) => value !== undefined && value !== '') ?? '';
  return LANGUAGES.find((language) => language === locale.split(/[_.@]/, 1)[0]?.toLowerCase()) ?? 'en';
}
