// This file is `packetboat people`: who may log in at the console, as what.
import { randomBytes } from 'node:crypto';
import { AppError } from '../errors.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

/** Bytes of a password that is made here: 24 characters, more than anybody guesses. */
const MADE_PASSWORD_BYTES = 18;

export const peopleCommand = apiCommand({
  name: 'people',
  summary: 'List who may log in at the console, let people in, give them another password or role, shut them out.',
  preset: 'list',
  notes: `--password-env NAME: the environment variable that holds the password, so that it stands in no history. Without it one is made and shown once.
A person with --tenant belongs to that organisation and sees nothing else; one without is of the platform.`,
  verbs: {
    list: {
      form: '[--tenant NAME|ID] [--limit N]',
      about: 'List people.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list }) =>
        list('/v1/people', {
          columns: [
            { title: 'id', show: 'id' },
            { title: 'login', show: 'login' },
            { title: 'role', show: 'role' },
            { title: 'organisation', show: 'tenant_id' },
            { title: 'last log-in', show: 'last_login_at' },
          ],
        }),
    },
    add: {
      form: 'LOGIN [--role owner|operator|viewer] [--tenant NAME|ID] [--password-env NAME]',
      about: 'Let a person log in. LOGIN is a name or an e-mail address.',
      words: 1,
      options: { role: { type: 'string' }, 'password-env': { type: 'string' } },
      run: async (context) => {
        const { api, option, positionals } = context;
        const password = passwordOf(context);
        const body = { login: positionals[0], role: option('role'), tenant_id: option('tenant'), password: password.value };
        tell(context, await api.ask('POST', '/v1/people', { body }), password);
      },
    },
    password: {
      form: 'ID|LOGIN [--password-env NAME]',
      about: 'Give a person another password; their sessions end.',
      words: 1,
      options: { 'password-env': { type: 'string' } },
      run: async (context) => {
        const password = passwordOf(context);
        const id = await idOf(context);
        tell(context, await context.api.ask('PATCH', `/v1/people/${id}`, { body: { password: password.value } }), password);
      },
    },
    role: {
      form: 'ID|LOGIN owner|operator|viewer',
      about: 'Give a person another role; their sessions end.',
      words: 2,
      run: async (context) => {
        const id = await idOf(context);
        context.print(await context.api.ask('PATCH', `/v1/people/${id}`, { body: { role: context.positionals[1] } }));
      },
    },
    remove: {
      form: 'ID|LOGIN',
      about: 'Shut a person out, at once.',
      words: 1,
      run: async (context) => {
        const id = await idOf(context);
        await context.api.ask('DELETE', `/v1/people/${id}`);
        context.print({ id, removed: true }, 'This person can log in no more.');
      },
    },
  },
});

interface Password {
  readonly value: string;
  /** It was made here, so that nobody knows it yet. */
  readonly made: boolean;
}

function passwordOf({ option, io }: VerbContext): Password {
  const name = option('password-env');
  if (name === undefined) return { value: randomBytes(MADE_PASSWORD_BYTES).toString('base64url'), made: true };
  const value = io.env[name];
  if (!value) throw new AppError('CLI_USAGE', `The variable ${name} is empty.`);
  return { value, made: false };
}

function tell({ print }: VerbContext, person: unknown, password: Password): void {
  // The desk's own answer is an object.
  print(password.made ? { ...(person as object), password: password.value } : person);
}

/** The id of a person who may be named by login. Throws NOT_FOUND. */
async function idOf({ api, positionals: [named = ''] }: VerbContext): Promise<string> {
  for (let after: string | undefined; ; ) {
    // Lists of the API have this form.
    const page = (await api.ask('GET', '/v1/people', { query: { after, limit: '200' } })) as {
      data: { id: string; login: string }[];
      next: string | null;
    };
    const found = page.data.find(({ id, login }) => id === named || login === named);
    if (found) return found.id;
    if (page.next === null)
      throw new AppError('NOT_FOUND', `There is no person "${named}".`, { hint: '"packetboat people" lists those there are.' });
    after = page.next;
  }
}
