// This file is the string catalogue's frame: every text stands beside its German, so one cannot be written without the other.

export type Lang = 'en' | 'de';

/** A text, or a function that makes one from numbers and names. */
// biome-ignore lint/suspicious/noExplicitAny: any parameter list is a text maker; each entry keeps its own types.
type Text = string | ((...values: any[]) => string);
type Catalogue = Readonly<Record<string, readonly [en: Text, de: Text]>>;

/** The catalogue in one language. */
export type Words<C extends Catalogue> = { readonly [K in keyof C]: C[K][0] extends string ? string : C[K][0] };

/** Keys of a catalogue that are plain texts, not text makers. */
export type PlainKey<C extends Catalogue> = { [K in keyof C]: C[K][0] extends string ? K : never }[keyof C];

/** Declares a room's texts as `key: [English, German]`. */
export function catalogue<const C extends Catalogue>(texts: C): C {
  return texts;
}

const picked = { en: new WeakMap<Catalogue, object>(), de: new WeakMap<Catalogue, object>() };

/** The texts of one language; the same catalogue gives the same object again. */
export function pick<C extends Catalogue>(texts: C, lang: Lang): Words<C> {
  const before = picked[lang].get(texts);
  // The map was filled by the lines below from this very catalogue.
  if (before !== undefined) return before as Words<C>;
  const index = lang === 'en' ? 0 : 1;
  const made = Object.fromEntries(Object.entries(texts).map(([key, pair]) => [key, pair[index]]));
  picked[lang].set(texts, made);
  // Object.fromEntries forgets the keys that Object.entries just gave it.
  return made as Words<C>;
}

/** "one", "two" … "twelve" in words up to twelve, digits above; `count` is a whole number. */
export function numberWord(count: number, lang: Lang): string {
  const list = lang === 'en' ? ENGLISH : GERMAN;
  return list[count] ?? new Intl.NumberFormat(lang === 'en' ? 'en-GB' : 'de-DE').format(count);
}

const ENGLISH = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const GERMAN = ['kein', 'ein', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'];

/** The sentence with its first letter large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A name or subject from outside, made safe to stand inside a sentence that carries [links](#evidence). */
export function plain(text: string): string {
  return text.replace(/[[\]]/g, '·');
}
