// This file is `packetboat route explain`: which way a message would go, and why.
import { apiCommand } from './verbs.ts';

interface Decision {
  /** Set when the address may not stand in From at all. */
  readonly allowed?: boolean;
  readonly because?: string;
  readonly judgements?: readonly {
    account: string;
    provider: string;
    pool: string;
    treatment?: 'rewritten';
    chosen: boolean;
    stoppedAt: string | null;
    because: string;
  }[];
  readonly heldBecause?: string | null;
  readonly waits?: boolean;
  readonly better?: string | null;
  readonly rewrittenFrom?: string;
}

export const routeCommand = apiCommand({
  name: 'route',
  summary: 'Explain which way a message would go.',
  verbs: {
    explain: {
      form: '--tenant ID --from ADDRESS --to ADDRESS [--stream transactional|bulk] [--size BYTES]',
      about: 'Ask the router without sending anything.',
      words: 0,
      options: { from: { type: 'string' }, to: { type: 'string' }, stream: { type: 'string' }, size: { type: 'string' } },
      run: async ({ api, option, print }) => {
        const size = option('size');
        const body = {
          tenant_id: option('tenant'),
          from: option('from'),
          to: option('to'),
          stream: option('stream'),
          size: size === undefined ? undefined : Number(size),
        };
        const decision = await api.ask('POST', '/v1/route/explain', { body });
        print(decision, inWords(decision as Decision));
      },
    },
  },
});

function inWords({ allowed, because, judgements = [], heldBecause, waits, better, rewrittenFrom }: Decision): string {
  if (allowed === false) return `It would be refused: ${because}`;
  const verdicts = judgements.map(({ chosen, stoppedAt }) => (chosen ? 'takes it' : `stops at "${stoppedAt}"`));
  const width = Math.max(0, ...verdicts.map((verdict) => verdict.length));
  const lines = judgements.map(
    ({ account, provider, treatment, because: why }, index) =>
      `${(verdicts[index] ?? '').padEnd(width)}  ${account} (${provider}${treatment ? ', From written anew' : ''}): ${why}`,
  );
  return [
    ...lines,
    ...(rewrittenFrom ? ['', `From becomes ${rewrittenFrom}; Reply-To names the person.`] : []),
    ...(heldBecause ? [`It would be held: ${heldBecause}`] : []),
    ...(waits ? ['It would wait: an account that may take it is not well now.'] : []),
    ...(better ? ['', `What would make it better: ${better}`] : []),
  ].join('\n');
}
