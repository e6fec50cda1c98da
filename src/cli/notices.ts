// This file is `packetboat notices`: whether an application that only knows mail hears of failures by mail.
import { apiCommand, type VerbContext } from './verbs.ts';

export const noticesCommand = apiCommand({
  name: 'notices',
  summary: 'Tell applications of failures by mail, at the envelope sender they gave.',
  preset: 'show',
  notes: 'docs/CIVICRM.md shows what a notice looks like and what CiviCRM makes of it.',
  verbs: {
    show: {
      form: '--tenant NAME|ID',
      about: 'Show the setting and the last notices.',
      words: 0,
      run: async (context) => context.print(await context.api.ask('GET', pathOf(context))),
    },
    on: {
      form: '--tenant NAME|ID [--class CLASS]… [--complaints] [--account ID]',
      about: 'Tell of failures: of every class, or of the ones named.',
      words: 0,
      options: { class: { type: 'string', multiple: true }, complaints: { type: 'boolean', default: false }, account: { type: 'string' } },
      run: async (context) => {
        const classes = context.options('class');
        const body = {
          enabled: true,
          classes: classes.length > 0 ? classes : null,
          complaints: context.flag('complaints'),
          account_id: context.option('account'),
        };
        context.print(await context.api.ask('PUT', pathOf(context), { body }), 'Failures are told by mail from now on.');
      },
    },
    off: {
      form: '--tenant NAME|ID',
      about: 'Stop telling.',
      words: 0,
      run: async (context) =>
        context.print(
          await context.api.ask('PUT', pathOf(context), { body: { enabled: false } }),
          'No more notices are written; those that waited are dropped.',
        ),
    },
  },
});

function pathOf({ tenant }: VerbContext): string {
  return `/v1/tenants/${tenant()}/bounce-notices`;
}
