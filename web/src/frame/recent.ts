// This file remembers the last places a person opened in this tab, for the palette.

const KEY = 'packetboat.recent';
const PLACES_MAX = 5;

interface Place {
  readonly text: string;
  readonly href: string;
}

/** Notes an object's page by its name. Rooms are not noted: they are one word away already. */
export function notePlace(text: string, href: string): void {
  const places = [{ text, href }, ...recentPlaces().filter((place) => place.href !== href)].slice(0, PLACES_MAX);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(places));
  } catch {
    // Without a store nothing is recent.
  }
}

export function recentPlaces(): Place[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isPlace) : [];
  } catch {
    return [];
  }
}

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'text' in value &&
    'href' in value &&
    typeof value.text === 'string' &&
    typeof value.href === 'string'
  );
}
