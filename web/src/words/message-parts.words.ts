// This file holds the texts of the lower half of a message's page: why this way, and the message itself.
import { catalogue } from './words.ts';

export const partWords = catalogue({
  // Why
  why: ['Why this way', 'Warum auf diesem Weg'],
  whyFor: [(who: string) => `For ${who}.`, (who: string) => `Für ${who}.`],
  whyAll: ['For every recipient.', 'Für alle Empfänger.'],
  whyNone: ['No way was chosen yet.', 'Noch wurde kein Weg gewählt.'],
  whyNoneHow: ['The decision is written down at the first hand-over.', 'Die Entscheidung wird bei der ersten Übergabe aufgeschrieben.'],
  heldBecause: ['Nothing was open.', 'Nichts war offen.'],
  // The message
  message: ['The message', 'Die Nachricht'],
  messageQuestion: ['What was handed in, and how it looks.', 'Was abgegeben wurde, und wie es aussieht.'],
  size: ['Size', 'Größe'],
  envelope: ['Envelope sender', 'Umschlagabsender'],
  nullSender: ['empty', 'leer'],
  messageId: ['Message-ID', 'Message-ID'],
  tags: ['Tags', 'Schlagworte'],
  metadata: ['Metadata', 'Zusatzangaben'],
  tenant: ['Tenant', 'Organisation'],
  none: ['none', 'keine'],
  showPreview: ['Show preview', 'Vorschau zeigen'],
  showSource: ['Show source', 'Quelltext zeigen'],
  hide: ['Hide it', 'Verbergen'],
  source: ['the source', 'Der Quelltext'],
  preview: ['the preview', 'Die Vorschau'],
  previewFrame: ['Preview of the message, without scripts', 'Vorschau der Nachricht, ohne Skripte'],
  remoteHidden: [
    'Pictures from elsewhere are not loaded: loading them would tell the sender that somebody looked.',
    'Bilder von anderswo werden nicht geladen: Der Absender erführe sonst, dass jemand hingesehen hat.',
  ],
  attachments: [(list: string) => `Attachments: ${list}.`, (list: string) => `Anhänge: ${list}.`],
  noBody: ['This message has no readable text.', 'Diese Nachricht hat keinen lesbaren Text.'],
  unnamed: ['without a name', 'ohne Namen'],
});
