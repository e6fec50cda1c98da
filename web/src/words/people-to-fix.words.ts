// This file holds the texts of a tenant's "People to fix": kind, plain, and what to do.
import { catalogue } from './words.ts';

export const peopleWords = catalogue({
  tasks: ['Waits for you', 'Wartet auf Sie'],
  tasksHow: ['Until this is done, receivers go on refusing.', 'Bis das geschehen ist, weisen Empfänger weiter ab.'],
  look: ['Look at it', 'Ansehen'],
  yours: ['What you can do', 'Was Sie tun können'],
  yoursHow: ['These addresses need a person who knows the people.', 'Hier hilft jemand, der die Leute kennt.'],
  itself: ['At the other end', 'Auf der anderen Seite'],
  itselfHow: [
    'No address has to be corrected; write again where it matters.',
    'Keine Adresse muss berichtigt werden; schreiben Sie noch einmal, wo es wichtig ist.',
  ],
  mail: ['Your mail itself', 'Ihre Nachricht selbst'],
  mailHow: [
    'The addresses are fine; what was in the mail, or how your domain proves itself, was refused.',
    'Die Adressen stimmen; der Inhalt oder der Nachweis Ihrer Domain wurde abgelehnt.',
  ],
  oursTitle: ['Our side, not yours', 'Liegt an uns, nicht an Ihnen'],
  oursText: [
    'A mail server did not trust one of our machines, or we were too quick for it. We are on it. The addresses are fine and nobody is put on hold for it. Nothing for you to do.',
    'Ein Mailserver misstraute einem unserer Rechner, oder wir waren ihm zu schnell. Wir kümmern uns darum. Die Adressen stimmen, und niemand wird dafür gesperrt. Sie müssen nichts tun.',
  ],
  people: [(count: string) => `${count} refused`, (count: string) => `${count} abgewiesen`],
  whoMore: [(count: string) => `${count} more`, (count: string) => `${count} weitere`],
  held: [
    'We stop writing to addresses that do not exist: knocking at closed doors harms the mail of all.',
    'An Adressen, die es nicht gibt, schreiben wir nicht mehr: Wer oft an verschlossene Türen klopft, schadet der Post aller.',
  ],
  toHolds: ['Addresses on hold', 'Gesperrte Adressen'],
  nothing: ['Nobody needs you.', 'Niemand braucht Sie.'],
  nothingHow: ['Everything that could be answered, arrived.', 'Alles, worauf eine Antwort kam, ist angekommen.'],
  rate: ['Arrived, of those answered', 'Angekommen, von den beantworteten'],
  rates: ['How much arrives', 'Wie viel ankommt'],
  ratesQuestion: ['How sure we are stands beside it.', 'Daneben steht, wie sicher wir sind.'],
  words: ['Every refusal in the receiver’s words', 'Jede Abweisung in den Worten des Empfängers'],
});
