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
  'token-url': { type: 'string' },
  'client-id': { type: 'string' },
  scope: { type: 'string' },
  grant: { type: 'string' },
  'password-env': { type: 'string' },
  'refresh-token-env': { type: 'string' },
  'client-secret-env': { type: 'string' },
} as const;
/** Secrets by their name in the API. */
const SECRETS = { password: 'password-env', refresh_token: 'refresh-token-env', client_secret: 'client-secret-env' } as const;
const SECRETS_FORM =
  '[--password-env NAME | --token-url URL --client-id ID [--scope S] [--grant refresh_token|client_credentials] [--refresh-token-env NAME] [--client-secret-env NAME]]';
const SETTINGS_FORM =
  '[--port N] [--tls implicit|starttls|none] [--folder F] [--after move|flag|leave] [--move-to F] [--wait idle|interval] [--interval-s N]';

export const mailboxesCommand = apiCommand({
  name: 'mailboxes',
  summary: 'Read bounces and reports from mailboxes by IMAP.',
  preset: 'list',
  notes: `--…-env NAME: the environment variable that holds the secret, so that it stands in no history.
Microsoft 365 and Google take access tokens instead of passwords: see docs/OAUTH.md.`,
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
      form: 'NAME|ID',
      named: 'mailbox',
      about: 'Show a mailbox.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('GET', `/v1/mailboxes/${id}`)),
    },
    add: {
      form: `NAME --host H --username U ${SECRETS_FORM} ${SETTINGS_FORM}`,
      about: 'Read a mailbox from now on.',
      words: 1,
      options: SETTINGS,
      run: async (context) => {
        const { api, positionals, print } = context;
        const [name] = positionals;
        const secret = secretOf(context);
        if (Object.keys(secret).length === 0) throw new AppError('CLI_USAGE', NO_SECRET);
        print(await api.ask('POST', '/v1/mailboxes', { body: { name, settings: settingsOf(context), secret } }));
      },
    },
    change: {
      form: `NAME|ID [--host H] [--username U] ${SECRETS_FORM} ${SETTINGS_FORM}`,
      about: 'Change settings or secrets; an empty --token-url, --client-id, --scope or --grant removes it.',
      named: 'mailbox',
      words: 1,
      options: SETTINGS,
      run: async (context) => {
        const { api, positionals, print } = context;
        const [id] = positionals;
        const secret = secretOf(context);
        const body = { settings: settingsOf(context), ...(Object.keys(secret).length === 0 ? {} : { secret }) };
        print(await api.ask('PATCH', `/v1/mailboxes/${id}`, { body }));
      },
    },
    pause: {
      form: 'NAME|ID',
      named: 'mailbox',
      about: 'Stop reading for now.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('PATCH', `/v1/mailboxes/${id}`, { body: { state: 'paused' } })),
    },
    resume: {
      form: 'NAME|ID',
      named: 'mailbox',
      about: 'Read on from where it was.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => print(await api.ask('PATCH', `/v1/mailboxes/${id}`, { body: { state: 'active' } })),
    },
    remove: {
      form: 'NAME|ID',
      named: 'mailbox',
      about: 'Stop reading for good; mails that were read stay.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `/v1/mailboxes/${id}`);
        print({ removed: id }, `${id} is no longer read.`);
      },
    },
  },
});

const NO_SECRET =
  'Name the variable with the password: --password-env NAME; or, with --token-url and --client-id, the one with the refresh token: --refresh-token-env NAME.';

function settingsOf({ option }: VerbContext): Record<string, string | number | null> {
  const number = (name: string) => (option(name) === undefined ? undefined : Number(option(name)));
  const removable = (name: string) => (option(name) === '' ? null : option(name));
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
    token_url: removable('token-url'),
    client_id: removable('client-id'),
    scope: removable('scope'),
    grant: removable('grant'),
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function secretOf({ option, io }: VerbContext): Record<string, string> {
  const secret: Record<string, string> = {};
  for (const [key, asked] of Object.entries(SECRETS)) {
    const name = option(asked);
    if (name === undefined) continue;
    const value = io.env[name];
    if (!value) throw new AppError('CLI_USAGE', `The variable ${name} is empty.`);
    secret[key] = value;
  }
  return secret;
}
