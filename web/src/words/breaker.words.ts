// This file holds the texts of a breaker.
import { catalogue } from './words.ts';

export const breakerWords = catalogue({
  closed: ['Open to mail', 'Lässt Post durch'],
  half: ['Carries mail, but unwell', 'Trägt Post, ist aber angeschlagen'],
  open: ['Rests', 'Ruht'],
  paused: ['Paused by a person', 'Von einem Menschen angehalten'],
  probeAt: [(at: string) => `Rests, probe at ${at}`, (at: string) => `Ruht, Probe um ${at}`],
});

export const healthNames = catalogue({
  well: ['well', 'in Ordnung'],
  unreachable: ['unreachable', 'nicht erreichbar'],
  throttled: ['slowed down by the provider', 'vom Anbieter gebremst'],
  quota: ['quota used up', 'Kontingent aufgebraucht'],
  suspended: ['suspended by the provider', 'vom Anbieter gesperrt'],
  misconfigured: ['set up wrongly', 'falsch eingerichtet'],
  degraded: ['unwell', 'angeschlagen'],
});
