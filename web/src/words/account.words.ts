// This file holds the texts of one provider account.
import { catalogue } from './words.ts';

export const accountWords = catalogue({
  what: ['this account', 'Dieses Konto'],
  asking: ['Asking how this account is …', 'Es wird gefragt, wie es diesem Konto geht …'],
  well: ['It is [well](#health) and carries mail.', 'Dem Konto [geht es gut](#health), es trägt Post.'],
  wellSimulated: [
    'It is [well](#health), and plays the world: nothing it carries leaves this machine.',
    'Ihm [geht es gut](#health), und es spielt die Welt: Nichts davon verlässt diesen Rechner.',
  ],
  degraded: ['It carries mail, but is [unwell](#health).', 'Es trägt Post, ist aber [angeschlagen](#health).'],
  rests: [
    (why: string, at: string) => `It [rests](#health): ${why}. The next probe goes out at ${at}, by itself.`,
    (why: string, at: string) => `Es [ruht](#health): ${why}. Die nächste Probe geht um ${at} Uhr von selbst hinaus.`,
  ],
  restsNow: [
    (why: string) => `It [rests](#health): ${why}. The next message probes it.`,
    (why: string) => `Es [ruht](#health): ${why}. Die nächste Nachricht ist die Probe.`,
  ],
  paused: ['It is [paused](#health) by a person and carries nothing.', 'Ein Mensch hat es [angehalten](#health); es trägt nichts.'],
  removed: ['It was removed; its traces stay.', 'Es wurde entfernt; seine Spuren bleiben.'],
  health: ['Health', 'Befinden'],
  healthQuestion: ['Whether it may carry mail now, and what it said last.', 'Ob es jetzt Post tragen darf, und was es zuletzt sagte.'],
  state: ['Breaker', 'Schalter'],
  said: ['What it said', 'Was es sagte'],
  under: [
    (provider: string, since: string) => `An account at ${provider}, here since ${since}.`,
    (provider: string, since: string) => `Ein Konto bei ${provider}, hier seit ${since}.`,
  ],
  pause: ['Pause', 'Anhalten'],
  pausedNow: [
    (name: string) => `${name} is paused; other accounts carry its mail.`,
    (name: string) => `${name} ist angehalten; andere Konten tragen die Post.`,
  ],
  resume: ['Resume', 'Wieder zulassen'],
  resumed: [(name: string) => `${name} carries mail again.`, (name: string) => `${name} trägt wieder Post.`],
  remove: ['Remove', 'Entfernen'],
  removeTitle: [(name: string) => `Remove ${name}`, (name: string) => `${name} entfernen`],
  removeBody: [
    'It carries no mail from now on, and its keys are forgotten. What it delivered stays on record. This cannot be undone.',
    'Es trägt ab sofort keine Post mehr, und seine Schlüssel werden vergessen. Was es zugestellt hat, bleibt verzeichnet. Das lässt sich nicht rückgängig machen.',
  ],
  removeVerb: ['Remove it', 'Entfernen'],
  webhook: ['Webhook', 'Webhook'],
  webhookQuestion: [
    'Tell the provider to report here what became of the mail.',
    'Sagen Sie dem Anbieter, dass er hier melden soll, was aus der Post wurde.',
  ],
  webhookSecret: [
    'Who may only look does not see this address: whoever has it can speak for the provider.',
    'Wer nur lesen darf, sieht diese Adresse nicht: Wer sie hat, kann für den Anbieter sprechen.',
  ],
  webhookNone: [
    'A smarthost reports by mail, so there is nothing to set up.',
    'Ein SMTP-Server meldet per E-Mail; hier ist nichts einzurichten.',
  ],
  address: ['Address', 'Adresse'],
  user: ['User name', 'Benutzername'],
  password: ['Password', 'Passwort'],
  failed: [(why: string) => `That did not work. ${why}`, (why: string) => `Das ist nicht gelungen. ${why}`],
});
