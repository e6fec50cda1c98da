// This file is `packetboat mailboxes`: mailboxes that bounces and reports are read from by IMAP.
import { AppError } from '../errors.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

const SETTINGS = {
  host: { type: 'string' },
  port: { type: 'string' },
  tls: { type: 'string' },
  username: { type: 'string' },
  folder: { type: 'string' },
  after: { type: 'string' },
  'move-to': { type: 'string' },
  wait: { type: 'string' },
  'interval-s': { type: 'string' },
  'password-env': { type: 'string' },
} as const;
const SETTINGS_FORM =
  '[--port N] [--tls implicit|starttls|none] [--folder F] [--after move|flag|leave] [--move-to F] [--wait idle|interval] [--interval-s N]';

export const mailboxesCommand = apiCommand({
  name: 'mailboxes',
  summary: 'Read bounces and reports from mailboxes by IMAP.',
  preset: 'list',
  notes: '--password-env NAME: the environment variable that holds the password, so that it stands in no history.',
  verbs: {
    list: {
      form: '[--limit N]',
      about: 'List mailboxes and how reading them goes.',
      words: 0,
      options: LIST_OPTIONS,
      run: ({ list, option }) =>
        list('/v1/mailboxes', {
          query: { after: option('after') },
          pathSaysWho: true,
          columns: [
            { title: 'id', show: 'id' },
            { title: 'name', show: 'name' },
            { title: 'status', show: 'status' },
            { title: 'mails', show: 'mails_read' },
            { title: 'last read', show: 'last_read_at' },
            { title: 'trouble', show: 'last_error' },
          ],
          nothing: 'No mailbox is read.',
        }),
    },
    show: {
      form: 'ID',
      about: 'Show a mailbox.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/mailboxes/${id}`)),
    },
    add: {
      form: `NAME --host H --username U --password-env NAME ${SETTINGS_FORM}`,
      about: 'Read a mailbox from now on.',
      words: 1,
      options: SETTINGS,
      run: async (context) => {
        const { api, positionals, print } = context;
        const [name] = positionals;
        const password = passwordOf(context);
        if (password === undefined) throw new AppError('CLI_USAGE', 'Name the variable with the password: --password-env NAME.');
        print(await api.ask('POST', '/v1/mailboxes', { body: { name, settings: settingsOf(context), secret: { password } } }));
      },
    },
    change: {
      form: `ID [--host H] [--username U] [--password-env NAME] ${SETTINGS_FORM}`,
      about: 'Change settings or password.',
      words: 1,
      options: SETTINGS,
      run: async (context) => {
        const { api, positionals, print } = context;
        const [id] = positionals;
        const password = passwordOf(context);
        const body = { settings: settingsOf(context), ...(password === undefined ? {} : { secret: { password } }) };
        print(await api.ask('PATCH', `/v1/mailboxes/${id}`, { body }));
      },
    },
    pause: {
      form: 'ID',
      about: 'Stop reading for now.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('PATCH', `/v1/mailboxes/${id}`, { body: { state: 'paused' } })),
    },
    resume: {
      form: 'ID',
      about: 'Read on from where it was.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('PATCH', `/v1/mailboxes/${id}`, { body: { state: 'active' } })),
    },
    remove: {
      form: 'ID',
      about: 'Stop reading for good; mails that were read stay.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `/v1/mailboxes/${id}`);
        print({ removed: id }, `${id} is no longer read.`);
      },
    },
  },
});

function settingsOf({ option }: VerbContext): Record<string, string | number> {
  const number = (name: string) => (option(name) === undefined ? undefined : Number(option(name)));
  const given = {
    host: option('host'),
    port: number('port'),
    tls: option('tls'),
    username: option('username'),
    folder: option('folder'),
    after: option('after'),
    move_to: option('move-to'),
    wait: option('wait'),
    interval_s: number('interval-s'),
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function passwordOf({ option, io }: VerbContext): string | undefined {
  const name = option('password-env');
  if (name === undefined) return undefined;
  const password = io.env[name];
  if (!password) throw new AppError('CLI_USAGE', `The variable ${name} is empty.`);
  return password;
}
