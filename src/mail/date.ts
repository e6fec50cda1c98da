// This file writes and reads the date of a mail header (RFC 5322 §3.3).

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Tue, 05 May 2026 08:00:00 +0000` for milliseconds since 1970. */
export function formatMailDate(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

/** Longer values are no dates; the limit keeps hostile ones cheap. */
const DATE_CHARS_MAX = 100;

/** Milliseconds since 1970, or null when the text is no date. Comments, missing weekdays and the old zone names are understood. */
export function parseMailDate(text: string): number | null {
  if (text.length > DATE_CHARS_MAX) return null;
  const ms = Date.parse(text.replace(/\([^)]*\)/g, ' ').trim());
  return Number.isNaN(ms) ? null : ms;
}
