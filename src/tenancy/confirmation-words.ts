// This file holds what a person reads who is asked whether an organisation may write in the name of their address: the mail, and the page behind its link.
import type { Language } from '../language.ts';

export interface ConfirmationAsked {
  readonly organisation: string;
  readonly address: string;
  readonly link: string;
  /** Until when the link works, milliseconds since 1970. */
  readonly expiresMs: number;
}

export interface ConfirmationMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What stands on a page: a title, paragraphs, and a button where there is something to do. */
export interface ConfirmationPage {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly button: string | null;
}

/** States of a link, as its page knows them. `done`: the button was pressed a moment ago. */
export type ConfirmationState = 'open' | 'done' | 'used' | 'confirmed' | 'over' | 'unknown';

/** A name is cut here, so that nobody reads a letter in a subject. Characters. */
const NAME_CHARS_MAX = 100;

interface Words {
  readonly subject: (organisation: string) => string;
  readonly asks: (organisation: string, address: string) => string;
  readonly agree: string;
  readonly button: (address: string) => string;
  readonly once: (until: string) => string;
  readonly nothing: string;
  readonly pages: Readonly<Record<ConfirmationState, { title: string; paragraphs: (organisation: string, address: string) => string[] }>>;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    subject: (organisation) => `May ${organisation} send mail from this address?`,
    asks: (organisation, address) => `${organisation} would like to send mail from ${address}.`,
    agree: 'If this is your address and you agree, open this page and press the button:',
    button: (address) => `Yes, ${address} may be used`,
    once: (until) => `The link works once, until ${until}.`,
    nothing: 'If you know nothing of this, do nothing: without your answer no mail leaves in your name.',
    pages: {
      open: {
        title: 'May this address be used?',
        paragraphs: (organisation, address) => [
          `${organisation} would like to send mail from ${address}.`,
          'Press the button if this is your address and you agree. Else close this page: nothing happens.',
        ],
      },
      done: {
        title: 'Thank you, the address is confirmed',
        paragraphs: (organisation, address) => [`${organisation} can send mail from ${address} now. You can close this page.`],
      },
      used: {
        title: 'This link was used already',
        paragraphs: (_organisation, address) => [`${address} is confirmed. There is nothing more to do.`],
      },
      confirmed: {
        title: 'The address is confirmed already',
        paragraphs: (_organisation, address) => [`${address} was confirmed another way. There is nothing more to do.`],
      },
      over: {
        title: 'This link no longer works',
        paragraphs: (organisation) => [`Links work for some days only. ${organisation} can ask for a new one.`],
      },
      unknown: {
        title: 'There is no such link',
        paragraphs: () => ['Copy the whole link from the mail, or ask the organisation for a new one.'],
      },
    },
  },
  de: {
    subject: (organisation) => `Darf ${organisation} von dieser Adresse schreiben?`,
    asks: (organisation, address) => `${organisation} möchte Post von ${address} verschicken.`,
    agree: 'Wenn das Ihre Adresse ist und Sie einverstanden sind, öffnen Sie diese Seite und drücken Sie den Knopf:',
    button: (address) => `Ja, ${address} darf benutzt werden`,
    once: (until) => `Der Link gilt einmal, bis ${until}.`,
    nothing: 'Wenn Sie davon nichts wissen, tun Sie nichts: Ohne Ihre Antwort geht keine Post in Ihrem Namen hinaus.',
    pages: {
      open: {
        title: 'Darf diese Adresse benutzt werden?',
        paragraphs: (organisation, address) => [
          `${organisation} möchte Post von ${address} verschicken.`,
          'Drücken Sie den Knopf, wenn das Ihre Adresse ist und Sie einverstanden sind. Sonst schließen Sie diese Seite: Es geschieht nichts.',
        ],
      },
      done: {
        title: 'Danke, die Adresse ist bestätigt',
        paragraphs: (organisation, address) => [
          `${organisation} kann jetzt Post von ${address} verschicken. Sie können die Seite schließen.`,
        ],
      },
      used: {
        title: 'Dieser Link wurde schon benutzt',
        paragraphs: (_organisation, address) => [`${address} ist bestätigt. Es ist nichts mehr zu tun.`],
      },
      confirmed: {
        title: 'Die Adresse ist schon bestätigt',
        paragraphs: (_organisation, address) => [`${address} wurde auf anderem Weg bestätigt. Es ist nichts mehr zu tun.`],
      },
      over: {
        title: 'Dieser Link gilt nicht mehr',
        paragraphs: (organisation) => [`Links gelten nur einige Tage. ${organisation} kann Ihnen einen neuen schicken lassen.`],
      },
      unknown: {
        title: 'Diesen Link gibt es nicht',
        paragraphs: () => ['Übernehmen Sie den ganzen Link aus der Mail, oder bitten Sie die Organisation um einen neuen.'],
      },
    },
  },
};

/** The mail that asks. Plain text and HTML say the same. */
export function confirmationMail(asked: ConfirmationAsked, language: Language): ConfirmationMail {
  const words = WORDS[language];
  const organisation = shortName(asked.organisation);
  const until = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(asked.expiresMs);
  const before = [words.asks(organisation, asked.address), words.agree];
  const after = [words.once(`${until} UTC`), words.nothing];
  const paragraph = (text: string) => `<p>${escaped(text)}</p>`;
  return {
    subject: words.subject(organisation),
    text: `${[...before, asked.link, ...after].join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="${language}"><body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em">
${before.map(paragraph).join('\n')}
<p><a href="${escaped(asked.link)}">${escaped(asked.link)}</a></p>
${after.map(paragraph).join('\n')}
</body></html>
`,
  };
}

/** The page behind the link. */
export function confirmationPage(
  state: ConfirmationState,
  about: { readonly organisation: string; readonly address: string },
  language: Language,
): ConfirmationPage {
  const words = WORDS[language];
  const { title, paragraphs } = words.pages[state];
  return {
    title,
    paragraphs: paragraphs(shortName(about.organisation), about.address),
    button: state === 'open' ? words.button(about.address) : null,
  };
}

function shortName(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, NAME_CHARS_MAX);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
