// This file holds the texts of what has no way back on a domain's page: revoking a key, and removing the domain here and at providers.
import { capital, catalogue, numberWord } from './words.ts';

/** Revoke now. */
export const revokeWords = catalogue({
  action: ['What can be done', 'Was sich tun lässt'],
  revoke: ['Revoke now', 'Jetzt widerrufen'],
  title: [(selector: string) => `Revoke ${selector} now`, (selector: string) => `${selector} jetzt widerrufen`],
  when: [
    'Do this when others may have the key. There is no way back.',
    'Tun Sie das, wenn andere den Schlüssel haben können. Es gibt kein Zurück.',
  ],
  erased: [
    'The key is erased here, and within 5 seconds no machine of ours signs with it.',
    'Der Schlüssel wird hier gelöscht, und nach spätestens 5 Sekunden signiert keine unserer Maschinen mehr mit ihm.',
  ],
  emptyByItself: [
    'Its record becomes empty by itself; receivers may remember the old one for an hour.',
    'Sein Eintrag wird von selbst leer; Empfänger können sich den alten noch eine Stunde merken.',
  ],
  emptyByHand: [
    'Its record has to be emptied where your DNS is: until then whoever has the key can sign in your name. The new value stands in the table above.',
    'Sein Eintrag muss dort geleert werden, wo Ihr DNS liegt: Bis dahin kann in Ihrem Namen signieren, wer den Schlüssel hat. Der neue Wert steht oben in der Tabelle.',
  ],
  signsOn: ['The key that signs now signs on.', 'Der Schlüssel, der jetzt signiert, signiert weiter.'],
  takesOver: ['The next key was seen in DNS and signs at once.', 'Der nächste Schlüssel ist im DNS gesehen und signiert sofort.'],
  gap: [
    'The next key is made now and signs once it is seen in DNS. Until then mail goes unsigned or by providers that sign themselves; where your policy is strict it is held.',
    'Der nächste Schlüssel wird jetzt gemacht und signiert, sobald er im DNS gesehen ist. Bis dahin geht Post unsigniert oder über Anbieter, die selbst signieren; wo Ihre Richtlinie streng ist, wird sie gehalten.',
  ],
  gapHeld: [
    'The next key is made now and signs once it is seen in DNS. Until then mail with From written anew waits.',
    'Der nächste Schlüssel wird jetzt gemacht und signiert, sobald er im DNS gesehen ist. Bis dahin wartet Post, deren Absender neu geschrieben wird.',
  ],
  done: [(selector: string) => `${selector} is revoked.`, (selector: string) => `${selector} ist widerrufen.`],
  revokedByHand: ['revoked; its record has to be empty', 'widerrufen; sein Eintrag muss leer sein'],
});

/** Removing a domain. */
export const removalWords = catalogue({
  alsoThere: ['Remove it at the providers too', 'Auch bei den Anbietern entfernen'],
  there: [
    (count: number) => `${capital(numberWord(count, 'en'))} ${count === 1 ? 'account was' : 'accounts were'} told of it:`,
    (count: number) => `${count === 1 ? 'Ein Konto weiß' : `${capital(numberWord(count, 'de'))} Konten wissen`} von ihr:`,
  ],
  asking: ['Asking which providers know it …', 'Es wird gefragt, welche Anbieter sie kennen …'],
  staysThere: ['It stays there unless you say so.', 'Dort bleibt sie, wenn Sie es nicht anders sagen.'],
  goesThere: [
    'It is gone here at once. A provider that does not answer is asked again; what is left stands under Domains.',
    'Hier ist sie sofort fort. Ein Anbieter, der nicht antwortet, wird wieder gefragt; was übrig ist, steht unter Absenderdomains.',
  ],
  // What is left
  title: ['Still at providers', 'Noch bei Anbietern'],
  question: ['Domains that were removed here and are still known there.', 'Domains, die hier entfernt wurden und dort noch bekannt sind.'],
  domain: ['Domain', 'Domain'],
  where: ['Account', 'Konto'],
  why: ['Why', 'Warum'],
  notYet: ['not asked yet', 'noch nicht gefragt'],
  again: ['Asked again', 'Wieder gefragt'],
  retry: ['Try now', 'Jetzt versuchen'],
  forget: ['Leave it there', 'Dort lassen'],
  gone: [(name: string) => `${name} is gone there too.`, (name: string) => `${name} ist auch dort fort.`],
  kept: [(name: string) => `${name} is used there and stays.`, (name: string) => `${name} wird dort benutzt und bleibt.`],
  still: [(name: string, why: string) => `${name} is still there. ${why}`, (name: string, why: string) => `${name} ist noch dort. ${why}`],
  left: [(name: string) => `${name} stays there.`, (name: string) => `${name} bleibt dort.`],
});
