// This file is `packetboat secret-key`: the key that encrypts stored secrets, and its replacement. DKIM keys are `packetboat keys`.
import { renderTable } from './table.ts';
import { apiCommand } from './verbs.ts';

interface Status {
  readonly keys: readonly { id: string; state: string; since: string; secrets: number }[];
  readonly replacement: {
    readonly step: 'waiting' | 'encrypting' | 'retiring';
    readonly left: number;
    readonly total: number;
    readonly waits_for: readonly { process: string; pid: number; lacks: 'key' | 'version' | 'switch' }[];
  } | null;
  readonly still_in_files: readonly { process: string; pid: number; key: string }[];
  readonly unreadable: readonly { kind: string; id: string; name: string }[] | null;
}

const LACKS = {
  key: 'its key file lacks the new key: copy the new line of the key file there',
  version: 'it is of an older version, or began just now: bring it to this version',
  switch: 'it still writes with the old key, for seconds',
} as const;
const KINDS: Readonly<Record<string, string>> = {
  'provider-secret': 'key of the provider account',
  'provider-webhook-password': 'webhook password of the provider account',
  'mailbox-secret': 'password of the mailbox',
  'access-token': 'access tokens of',
  'webhook-secret': 'signing secret of the webhook endpoint',
  'dkim-key': 'DKIM key',
  'rewriting-key': 'DKIM key',
  'system-mail': 'waiting mail of the desk',
};

export const secretKeyCommand = apiCommand({
  name: 'secret-key',
  summary: 'Look at the key that encrypts stored secrets, and replace it.',
  preset: 'show',
  notes: `Replacing: "rotate" makes a key in the key file of the machine that answers (or takes one that you put there: a line made by "openssl rand -base64 32").
Copy the key file to every other machine of the desk; once all processes have the key, it writes, and everything stored is encrypted anew. "show" tells how far
it is. Back up the key file now: a backup of the database needs the key that was in use when it was made. "forget" takes a retired key out of the files.`,
  verbs: {
    show: {
      form: '',
      about: 'Show the keys, how far a replacement is, and which secrets do not open.',
      words: 0,
      run: async ({ api, print }) => {
        const answer = (await api.ask('GET', '/v1/secret-keys', { query: { check: 'true' } })) as Status; // The API's own form.
        print(answer, told(answer));
        return (answer.unreadable ?? []).length === 0;
      },
    },
    rotate: {
      form: '',
      about: 'Replace the key.',
      words: 0,
      run: async ({ api, print }) => {
        const answer = (await api.ask('POST', '/v1/secret-keys/rotate')) as Status; // The API's own form.
        print(answer, told(answer));
      },
    },
    forget: {
      form: 'ID',
      about: 'Take a retired key out of the key files; older backups of the database cannot be read without it.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        const answer = (await api.ask('DELETE', `/v1/secret-keys/${id}`)) as Status; // The API's own form.
        print(answer, told(answer));
      },
    },
  },
});

function told({ keys, replacement, still_in_files: still, unreadable }: Status): string {
  const table = renderTable(
    keys.map((key) => ({ ...key })),
    [
      { title: 'key', show: 'id' },
      { title: 'state', show: 'state' },
      { title: 'since', show: 'since' },
      { title: 'secrets', show: 'secrets' },
    ],
    'There is no key yet.',
  );
  const lines = [
    ...(replacement
      ? [stepOf(replacement), ...replacement.waits_for.map((each) => `  ${each.process} (process ${each.pid}): ${LACKS[each.lacks]}.`)]
      : []),
    ...still.map(
      (each) => `The key ${each.key} still stands in the key file of ${each.process}, which the desk may not write: take the line out.`,
    ),
    ...(unreadable ?? []).map(
      (each) =>
        `Cannot be read: ${KINDS[each.kind] ?? each.kind} ${each.name} (${each.id}). Put its key back into the key file, or give it anew.`,
    ),
  ];
  return `${table}${lines.map((line) => `${line}\n`).join('')}`;
}

function stepOf({ step, left, total }: NonNullable<Status['replacement']>): string {
  if (step === 'waiting') return 'The new key waits until every process has it:';
  if (step === 'encrypting') return `${total - left} of ${total} secrets are encrypted with the new key.`;
  return 'Everything is encrypted with the new key; the old one is retired within seconds.';
}
