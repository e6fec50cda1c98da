// This file is the resource of checks of ourselves: how the desk looks from outside, for the people of the platform.
import { z } from 'zod';
import { readSelfChecks, type SelfChecks } from '../../flows/check-ourselves.ts';
import { isCode, selfCheckWords } from '../../flows/self-checks/words.ts';
import type { Language } from '../../language.ts';
import type { App } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { Lang, languageOf } from '../language.ts';
import { TimeOut } from '../schemas.ts';

const Result = z
  .object({
    checked_at: TimeOut.nullable().meta({ description: 'Null: never yet.' }),
    data: z.array(
      z.object({
        code: z.string().meta({ description: 'To match on.' }),
        state: z.enum(['ok', 'note', 'warning', 'problem', 'unknown']).meta({
          description:
            'ok · note: good to know · warning: works, but not for long or not everywhere · problem: mail suffers · unknown: nobody answered',
        }),
        subject: z.string().meta({ description: 'The address, host or door it is about.' }),
        says: z.string(),
        next: z.string().nullable().meta({ description: 'What to do next; null where nothing is to be done.' }),
        since: TimeOut.meta({ description: 'As it is now since then.' }),
      }),
    ),
  })
  .meta({ id: 'SelfChecks' });
const tags = ['Desk'];

export function selfCheckRoutes(app: App, deps: HttpDeps): void {
  app.route({
    method: 'GET',
    url: '/v1/self-checks',
    config: { access: 'operator:read' },
    schema: {
      tags,
      operationId: 'listSelfChecks',
      summary: 'How the desk looked from outside when it last looked',
      description:
        'Reverse DNS of sending addresses, return paths, reports, the zone of DKIM keys, certificates, ages of keys, the clock. Looked at daily.',
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Result },
    },
    handler: async (request) => view(await readSelfChecks(deps.pool), languageOf(request, request.query.lang)),
  });

  app.route({
    method: 'POST',
    url: '/v1/self-checks',
    config: { access: 'operator' },
    schema: {
      tags,
      operationId: 'runSelfChecks',
      summary: 'Look at the desk from outside now',
      querystring: z.strictObject({ lang: Lang }),
      response: { 200: Result },
    },
    handler: async (request) => view(await deps.checkOurselves(), languageOf(request, request.query.lang)),
  });
}

function view(result: SelfChecks | null, language: Language) {
  const checks = result?.checks ?? [];
  return {
    checked_at: result?.checked_at ?? null,
    data: checks.flatMap((check) => {
      // What a newer version of the desk has kept has no words here.
      if (!isCode(check.code)) return [];
      const { code, state, subject, since } = check;
      return [{ code, state, subject, ...selfCheckWords(code, check, language), since }];
    }),
  };
}
