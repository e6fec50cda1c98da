// This file is `packetboat domains judge` and `unjudge`: whose a source of DMARC reports is, as somebody knows it.
import { AppError } from '../errors.ts';
import { domainCommandWords } from './domain-words.ts';
import { domainIdOf } from './named-domain.ts';
import type { Verb, VerbContext } from './verbs.ts';

interface Source {
  readonly id: string | null;
  readonly kind: string;
  readonly name: string;
}

interface Judged {
  readonly name: string;
  readonly verdict: string;
  readonly note: string;
}

const RANGE = { from: { type: 'string' }, to: { type: 'string' } } as const;

export const judgeVerb: Verb = {
  form: 'DOMAIN SOURCE --ours | --not-ours [--note TEXT] [--from DAY --to DAY]',
  about:
    'Say whose a source is (its name or id in "dmarc"): --ours is legitimate and needs its fix, --not-ours is an impostor and does not count against a stricter policy. --note is what you call it.',
  words: 2,
  options: { ...RANGE, ours: { type: 'boolean' }, 'not-ours': { type: 'boolean' }, note: { type: 'string' } },
  run: async (context) => {
    const { api, option, flag, print, language } = context;
    const words = domainCommandWords(language);
    const [ours, notOurs] = [flag('ours'), flag('not-ours')];
    if (ours === notOurs) throw new AppError('CLI_USAGE', 'Say either --ours or --not-ours.');
    const range = { from: option('from'), to: option('to') };
    const body = { verdict: ours ? 'ours' : 'not-ours', note: option('note'), ...range };
    // The API's form.
    const said = (await api.ask('PUT', await addressOf(context, range), { body })) as unknown as Judged;
    print(said, said.verdict === 'ours' ? words.judgedOurs(said.name) : words.judgedNotOurs(said.name));
  },
};

export const unjudgeVerb: Verb = {
  form: 'DOMAIN SOURCE [--from DAY --to DAY]',
  about: 'Take back what was said about a source.',
  words: 2,
  options: RANGE,
  run: async (context) => {
    const {
      api,
      option,
      print,
      language,
      positionals: [, named = ''],
    } = context;
    const address = await addressOf(context, { from: option('from'), to: option('to') });
    await api.ask('DELETE', address);
    print({ source: address.split('/').at(-1), verdict: null }, domainCommandWords(language).unjudged(named));
  },
};

/** A source is called by its name; where several kinds have it, the id says which. */
async function addressOf(context: VerbContext, query: { from: string | undefined; to: string | undefined }): Promise<string> {
  const [, named = ''] = context.positionals;
  const url = `/v1/domains/${await domainIdOf(context)}/dmarc`;
  // The API's form.
  const { sources } = (await context.api.ask('GET', url, { query })) as unknown as { sources: readonly Source[] };
  const same = sources.filter(({ id, name }) => id !== null && (id === named || name.toLowerCase() === named.toLowerCase()));
  const [only] = same;
  if (only === undefined) {
    throw new AppError('NOT_FOUND', `No report of these days names a source ${named}.`, {
      hint: 'packetboat domains dmarc DOMAIN lists the sources; --from and --to name other days.',
    });
  }
  if (same.length > 1) {
    const which = same.map(({ id, kind }) => `${kind} ${id}`).join(', ');
    throw new AppError('CLI_USAGE', `Several sources are called ${named}: ${which}. Give the id.`);
  }
  return `${url}/sources/${only.id}`;
}
