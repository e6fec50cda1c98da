// This file holds the texts of the list of tenants, and of adding one.
import { capital, catalogue, numberWord } from './words.ts';

export const tenantsWords = catalogue({
  title: ['Tenants', 'Organisationen'],
  what: ['the tenants', 'Die Organisationen'],
  asking: ['Asking who hands us mail …', 'Es wird gefragt, wer uns Post gibt …'],
  none: ['No organisation hands us mail yet.', 'Noch gibt uns keine Organisation Post.'],
  noneHow: [
    'Every message belongs to a tenant: a club, a school, a customer of your platform.',
    'Jede Nachricht gehört einer Organisation: einem Verein, einer Schule, einem Kunden Ihrer Plattform.',
  ],
  line: [
    (count: number) => `${capital(numberWord(count, 'en'))} ${count === 1 ? 'organisation hands' : 'organisations hand'} us mail.`,
    (count: number) => `${count === 1 ? 'Eine Organisation gibt' : `${capital(numberWord(count, 'de'))} Organisationen geben`} uns Post.`,
  ],
  lineMore: [
    (count: string) => `${count} organisations and more hand us mail.`,
    (count: string) => `${count} Organisationen und mehr geben uns Post.`,
  ],
  suspended: [
    (count: number) => `[${capital(numberWord(count, 'en'))}](/tenants?state=suspended) of them ${count === 1 ? 'is' : 'are'} paused.`,
    (count: number) =>
      `[${count === 1 ? 'Eine' : capital(numberWord(count, 'de'))}](/tenants?state=suspended) davon ${count === 1 ? 'ist' : 'sind'} angehalten.`,
  ],
  add: ['Add a tenant', 'Organisation anlegen'],
  caption: ['Tenants', 'Organisationen'],
  name: ['Name', 'Name'],
  state: ['State', 'Zustand'],
  uncertain: ['When a hand-over is uncertain', 'Wenn eine Übergabe ungewiss ist'],
  since: ['Here since', 'Hier seit'],
  active: ['may hand in mail', 'darf Post abgeben'],
  paused: ['paused', 'angehalten'],
  resend: ['hand over once more', 'noch einmal übergeben'],
  hold: ['hold for a person', 'für einen Menschen anhalten'],
  house: ['as the house does', 'wie im Haus üblich'],
  filterState: ['State', 'Zustand'],
  search: ['Part of the name', 'Teil des Namens'],
  noMatch: ['No organisation has that name.', 'Keine Organisation heißt so.'],
  clear: ['Show all', 'Alle zeigen'],
  // New
  newTitle: ['Add a tenant', 'Organisation anlegen'],
  newLine: ['Give the organisation a name; the rest can follow.', 'Geben Sie der Organisation einen Namen; alles andere kann folgen.'],
  newName: ['Name of the organisation', 'Name der Organisation'],
  newNameHint: ['People of the platform see it; recipients do not.', 'Menschen der Plattform sehen ihn, Empfänger nicht.'],
  newUncertain: ['When nobody can tell whether a provider has a message', 'Wenn niemand sagen kann, ob ein Anbieter eine Nachricht hat'],
  newResend: ['Hand it over once more', 'Noch einmal übergeben'],
  newResendText: ['It may arrive twice; it is never lost.', 'Sie kann zweimal ankommen, geht aber nie verloren.'],
  newHold: ['Hold it for a person', 'Für einen Menschen anhalten'],
  newHoldText: ['It never arrives twice; it may arrive late.', 'Sie kommt nie zweimal an, vielleicht aber spät.'],
  create: ['Add it', 'Anlegen'],
  created: [
    (name: string) => `${name} may hand in mail now. It needs a credential and a sending domain.`,
    (name: string) => `${name} darf jetzt Post abgeben. Gebraucht werden noch ein Zugang und eine Absenderdomain.`,
  ],
});
