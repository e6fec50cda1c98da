// This file says in words what every rate divides by what, and how it is estimated, in every language.
import type { Language } from '../language.ts';
import type { RateName } from './rates.ts';

/** The exact definitions. */
export const RATE_DEFINITIONS: Readonly<Record<Language, Readonly<Record<RateName, string>>>> = {
  en: {
    delivered_rate:
      'Delivered, of those delivered, bounced, failed or expired, on routes that report deliveries. Handed over without an answer yet does not count, nor does what failed by a fault of the operator.',
    not_refused_rate:
      'Delivered, or handed over on a route that never reports deliveries and not refused; of those and the bounced, failed and expired. On such a route, messages accepted less than five days ago do not count at all yet, not even those that were refused. Nor does what failed by a fault of the operator.',
    bounce_rate:
      'Bounced, of those bounced, delivered, or handed over on a route that never reports deliveries; what was handed over there less than five days ago may still bounce.',
    complaint_rate:
      'Complained, of those delivered, or handed over on a route that never reports deliveries. A person pressed the spam button and their mailbox provider told us; many do not tell.',
  },
  de: {
    delivered_rate:
      'Zugestellt, von allen, die zugestellt, abgewiesen, fehlgeschlagen oder abgelaufen sind, auf Wegen, die Zustellungen melden. Was übergeben wurde und noch keine Antwort hat, zählt nicht, ebenso wenig, was an der Plattform selbst scheiterte.',
    not_refused_rate:
      'Zugestellt, oder übergeben auf einem Weg, der Zustellungen nie meldet, und nicht abgewiesen; von diesen und den abgewiesenen, fehlgeschlagenen und abgelaufenen. Auf einem solchen Weg zählen Nachrichten, die vor weniger als fünf Tagen angenommen wurden, noch gar nicht, auch nicht die abgewiesenen. Was an der Plattform selbst scheiterte, zählt auch nicht.',
    bounce_rate:
      'Abgewiesen, von allen, die abgewiesen oder zugestellt sind oder auf einem Weg übergeben wurden, der Zustellungen nie meldet; was dort vor weniger als fünf Tagen übergeben wurde, kann noch zurückkommen.',
    complaint_rate:
      'Beschwerden, von allen, die zugestellt sind oder auf einem Weg übergeben wurden, der Zustellungen nie meldet. Jemand hat auf „Spam“ gedrückt, und der Postfachanbieter hat es uns gesagt; viele sagen es nicht.',
  },
};

/** How every rate is estimated. */
export const ESTIMATE_DEFINITION: Readonly<Record<Language, string>> = {
  en: '"low" and "high" hold the true rate with 90 % certainty (Wilson). "shrunk" is the rate pulled toward that of all organisations, the more the fewer recipients it is measured on.',
  de: 'Zwischen „low“ und „high“ liegt die wahre Quote mit 90 % Sicherheit (Wilson). „shrunk“ ist die Quote, zu der aller Organisationen hingezogen, und zwar umso mehr, je weniger Empfänger gezählt wurden.',
};
