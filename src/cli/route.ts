// This file is `packetboat route explain`: which way a message would go, and why.
import type { Language } from '../language.ts';
import { type DecisionShown, decisionInWords } from './decision-words.ts';
import { apiCommand } from './verbs.ts';

interface Answer extends DecisionShown {
  /** Set when the address may not stand in From at all. */
  readonly allowed?: boolean;
  readonly says?: string;
}

const REFUSED: Readonly<Record<Language, string>> = { en: 'It would be refused', de: 'Sie würde abgewiesen' };

export const routeCommand = apiCommand({
  name: 'route',
  summary: 'Explain which way a message would go.',
  verbs: {
    explain: {
      form: '--tenant NAME|ID --from ADDRESS --to ADDRESS [--stream transactional|bulk] [--size BYTES]',
      about: 'Ask the router without sending anything.',
      words: 0,
      options: { from: { type: 'string' }, to: { type: 'string' }, stream: { type: 'string' }, size: { type: 'string' } },
      run: async ({ api, language, option, print }) => {
        const size = option('size');
        const body = {
          tenant_id: option('tenant'),
          from: option('from'),
          to: option('to'),
          stream: option('stream'),
          size: size === undefined ? undefined : Number(size),
        };
        const decision = await api.ask('POST', '/v1/route/explain', { body });
        print(decision, inWords(decision as Answer, language));
      },
    },
  },
});

function inWords(answer: Answer, language: Language): string {
  return answer.allowed === false ? `${REFUSED[language]}: ${answer.says}` : decisionInWords(answer, 'would', language);
}
