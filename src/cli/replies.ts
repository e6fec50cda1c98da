// This file is `packetboat replies`: where answers of people go.
import { apiCommand, type VerbContext } from './verbs.ts';

export const repliesCommand = apiCommand({
  name: 'replies',
  summary: 'Forward answers of people to those who wrote the message, or keep them here.',
  preset: 'show',
  notes: '"packetboat inbound list --kind other" shows every answer, with where it went or why it stays.',
  verbs: {
    show: {
      form: '--tenant NAME|ID',
      about: 'Show where answers go.',
      words: 0,
      run: async (context) => context.print(await context.api.ask('GET', pathOf(context))),
    },
    on: {
      form: '--tenant NAME|ID [--to ADDRESS]',
      about: 'Forward them: to Reply-To or From of the message, else to ADDRESS.',
      words: 0,
      options: { to: { type: 'string' } },
      run: async (context) =>
        context.print(await context.api.ask('PUT', pathOf(context), { body: { enabled: true, to: context.option('to') ?? null } })),
    },
    off: {
      form: '--tenant NAME|ID',
      about: 'Keep them here.',
      words: 0,
      run: async (context) => context.print(await context.api.ask('PUT', pathOf(context), { body: { enabled: false } })),
    },
  },
});

function pathOf({ tenant }: VerbContext): string {
  return `/v1/tenants/${tenant()}/reply-forwarding`;
}
