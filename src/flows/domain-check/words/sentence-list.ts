// This file says what the sentences of a domain check are in another language: the English sentence, with {0} {1} … for what it speaks of, and what it is there.
export type SentenceList = Readonly<Record<string, string>>;
