// This file says what a class of answers means: in a few words for tables and filters, in sentences as the API gives them, in the reader's language;
// and what mailbox providers are called.
import { useQuery } from '@tanstack/react-query';
import type { ClassWords } from './api/feedback-model.ts';
import { classesQuery } from './api/feedback-queries.ts';
import { providerNameIn } from './mailbox-providers.ts';
import { useScreen, useWords } from './screen.ts';
import { classNames } from './words/classes.words.ts';

/** A class in a few words; one without words stands as it came. */
export function useClassNames(): (name: string) => string {
  const names: Readonly<Record<string, string>> = useWords(classNames);
  return (name) => names[name] ?? name;
}

/** The sentences for a class of messages that came back, once they are here. */
export function useEndedWords(): (name: string | null) => ClassWords['ended'] | null {
  const { lang } = useScreen();
  const { data } = useQuery(classesQuery(lang));
  return (name) => (name === null ? null : (data?.get(name)?.ended ?? null));
}

/** Mailbox providers as people call them. */
export function useProviderNames(): (key: string) => string {
  const { lang } = useScreen();
  return (key) => providerNameIn(key, lang);
}
