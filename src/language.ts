// This file says which languages people are told things in, and which of them somebody wants.

/** Every text that the desk says to people exists in each of these. */
export const LANGUAGES = ['en', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What the desk speaks to those who say nothing. */
const DEFAULT: Language = 'en';
/** Browsers send a handful of languages; whoever sends more is not read further. */
const ACCEPTED_CHARS_MAX = 500;

/** The language that an Accept-Language header prefers among ours (RFC 9110 §12.5.4); English where it names none. */
export function languageAccepted(header: string | undefined): Language {
  let best: { language: Language; weight: number } | null = null;
  for (const entry of (header ?? '').slice(0, ACCEPTED_CHARS_MAX).split(',')) {
    const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    const language = range === '*' ? DEFAULT : LANGUAGES.find((known) => range === known || range.startsWith(`${known}-`));
    if (language !== undefined && weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? DEFAULT;
}
