// This file is `packetboat senders`: single addresses that may stand in From, their confirmation, and as whom their mail goes out.
import { AppError } from '../errors.ts';
import { type DomainCommandWords, domainCommandWords } from './domain-words.ts';
import { rewritingDomainVerb } from './rewriting-domain.ts';
import { wrapped } from './table.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

interface Preview {
  readonly from: string;
  readonly reply_to: string | null;
  readonly treatment: string;
  readonly why: string;
  readonly better: string | null;
}

interface Rewriting {
  readonly possible: boolean;
  readonly allowed: boolean;
  readonly consented: boolean;
  readonly consented_at: string | null;
  readonly consented_by: string | null;
  readonly as_is: boolean;
  readonly daily_cap: number;
  readonly used_today: number;
  readonly held_for_allowance: number;
  readonly held_for_consent: number;
  readonly held_for_cap: number;
  readonly domain: string | null;
  readonly explanation: string;
}

export const sendersCommand = apiCommand({
  name: 'senders',
  summary: 'Register sender addresses of organisations without a domain, and say as whom their mail goes out.',
  notes:
    'An address of a registered domain needs no sender. "packetboat senders preview" shows what readers will see before anything is handed in.',
  verbs: {
    list: {
      form: '--tenant NAME|ID [--limit N]',
      about: 'List sender addresses, and how mail from each goes out.',
      words: 0,
      options: LIST_OPTIONS,
      run: (context) =>
        context.list(`${tenantPath(context)}/senders`, {
          pathSaysWho: true,
          columns: [
            { title: 'id', show: 'id' },
            { title: 'address', show: 'address' },
            { title: 'confirmed', show: 'verified_at' },
            { title: 'by', show: 'verified_by' },
            { title: 'waiting', show: (row) => (row['held_messages'] ? String(row['held_messages']) : ''), right: true },
            { title: 'goes out', show: (row) => (row['rewritten_from'] ? `as ${row['rewritten_from']}` : String(row['treatment'])) },
          ],
          nothing: 'No sender address is registered. Add one with: packetboat senders add ADDRESS --tenant NAME|ID',
        }),
    },
    add: {
      form: 'ADDRESS --tenant NAME|ID [--confirm] [--lang en|de]',
      about:
        'Register an address. An operator vouches for it, or has its owner asked by mail (--confirm); for an organisation the owner is always asked.',
      words: 1,
      options: { confirm: { type: 'boolean' }, lang: { type: 'string' } },
      run: async (context) => {
        const { api, positionals, flag, option, print } = context;
        const body = { address: positionals[0], confirm: flag('confirm') || undefined, lang: option('lang') };
        print(await api.ask('POST', `${tenantPath(context)}/senders`, { body }));
      },
    },
    confirm: {
      form: 'ID [--lang en|de]',
      about: 'Send the confirmation mail (again).',
      words: 1,
      options: { lang: { type: 'string' } },
      run: async ({ api, positionals: [id], option, print }) =>
        print(await api.ask('POST', `/v1/senders/${id}/confirmation`, { body: { lang: option('lang') } })),
    },
    vouch: {
      form: 'ID [--off]',
      about: 'Vouch for an address as operator, or stop doing so.',
      words: 1,
      options: { off: { type: 'boolean' } },
      run: async ({ api, positionals: [id], flag, print }) =>
        print(await api.ask('PATCH', `/v1/senders/${id}`, { body: { verified: !flag('off') } })),
    },
    preview: {
      form: 'ADDRESS [--tenant NAME|ID] [--reply-to ADDRESS] [--stream transactional|bulk]',
      about: 'Show From and Reply-To as readers will see them, and why. ADDRESS may be "Name <address>".',
      words: 1,
      options: { 'reply-to': { type: 'string' }, stream: { type: 'string' } },
      run: async ({ api, positionals: [from], option, print, language }) => {
        const body = { from, tenant_id: option('tenant'), reply_to: option('reply-to'), stream: option('stream') };
        const preview = await api.ask('POST', '/v1/senders/preview', { body });
        // The API description says that this is its form.
        print(preview, previewInWords(preview as Preview, domainCommandWords(language)));
      },
    },
    rewriting: {
      form: '--tenant NAME|ID [--allow|--forbid] [--agree|--disagree] [--cap N|--preset-cap] [--as-is|--no-as-is]',
      about: 'Show whether From is written anew for an organisation, allow it as operator, or agree to it for the organisation.',
      words: 0,
      options: Object.fromEntries(
        ['allow', 'forbid', 'agree', 'disagree', 'preset-cap', 'as-is', 'no-as-is']
          .map((name): [string, { type: 'boolean' | 'string' }] => [name, { type: 'boolean' }])
          .concat([['cap', { type: 'string' }]]),
      ),
      run: async (context) => {
        const body = rewritingChange(context);
        const path = `${tenantPath(context)}/rewriting`;
        const setting = await (body === null ? context.api.ask('GET', path) : context.api.ask('PUT', path, { body }));
        context.print(setting, rewritingInWords(setting as Rewriting));
      },
    },
    domain: rewritingDomainVerb,
    remove: {
      form: 'ID',
      about: 'Remove an address; mail from it is refused from now on.',
      words: 1,
      run: async ({ api, positionals: [id], print }) => {
        await api.ask('DELETE', `/v1/senders/${id}`);
        print({ removed: id }, 'The sender is gone.');
      },
    },
  },
});

function tenantPath({ tenant }: VerbContext): string {
  return `/v1/tenants/${tenant()}`;
}

/** What the options change, or null when they only look. */
function rewritingChange(context: VerbContext): Record<string, unknown> | null {
  const cap = context.option('cap');
  const change = {
    ...either(context, 'allowed', 'allow', 'forbid'),
    ...either(context, 'consented', 'agree', 'disagree'),
    ...either(context, 'as_is', 'as-is', 'no-as-is'),
    ...(cap === undefined ? {} : { daily_cap: Number(cap) }),
    ...(context.flag('preset-cap') ? { daily_cap: null } : {}),
  };
  return Object.keys(change).length === 0 ? null : change;
}

function either({ flag }: VerbContext, name: string, yes: string, no: string): Record<string, boolean> {
  if (flag(yes) && flag(no)) throw new AppError('CLI_USAGE', `Say --${yes} or --${no}, not both.`);
  return flag(yes) || flag(no) ? { [name]: flag(yes) } : {};
}

function previewInWords({ from, reply_to: replyTo, treatment, why, better }: Preview, words: DomainCommandWords): string {
  return [
    ...(treatment === 'held' ? [words.stays(why)] : [`From:     ${from}`, ...(replyTo ? [`Reply-To: ${replyTo}`] : []), '', why]),
    ...(better ? ['', words.better(better)] : []),
  ].join('\n');
}

function rewritingInWords(setting: Rewriting): string {
  const agreed = setting.consented
    ? `yes, ${setting.consented_by === 'platform' ? 'the platform' : setting.consented_by} on ${setting.consented_at}`
    : 'no';
  const lines = [
    ['the desk has a domain for it', setting.possible ? 'yes' : 'no (PACKETBOAT_REWRITE_DOMAIN)'],
    ['the operator allows it', setting.allowed ? 'yes' : 'no'],
    ['the organisation agreed', agreed],
    ['its domain', setting.domain ?? 'none yet'],
    ['recipients today', `${setting.used_today} of ${setting.daily_cap}`],
    ['as it is, where accepted', setting.as_is ? 'yes' : 'no'],
    ['messages wait', waitingInWords(setting)],
  ];
  return [...lines.map(([name = '', value]) => `${name.padEnd(30)}${value}`), '', wrapped(setting.explanation)].join('\n');
}

function waitingInWords({ held_for_allowance: allowance, held_for_consent: consent, held_for_cap: cap }: Rewriting): string {
  const parts = [
    allowance === 0 ? '' : `${allowance} for the operator to allow it (--allow)`,
    consent === 0 ? '' : `${consent} for the organisation to agree (--agree)`,
    cap === 0 ? '' : `${cap} for tomorrow, or a higher cap (--cap N)`,
  ].filter(Boolean);
  return parts.length === 0 ? 'none' : `${parts.join(', ')}; they go out by themselves then`;
}
