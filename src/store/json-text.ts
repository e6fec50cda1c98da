// This file writes JSON that PostgreSQL takes as jsonb, whatever the world put into it: NUL and halves of letters outside the first 65,536 (whoever
// cuts a text by 16-bit units leaves some) become U+FFFD. One such letter in one report would otherwise refuse everything that came with it.

/** Escaped backslashes are passed over in pairs, so that a text in which somebody wrote the six characters of an escape keeps them. */
const ESCAPES = /\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/g;
const MAY_HOLD_ODD = /\\u(?:0000|d)/;

/** `value` as JSON text; what JSON cannot hold becomes null. */
export function jsonText(value: unknown): string {
  // JSON.stringify writes whole letters as they are, and only halves and control characters as escapes (ECMA-262 §25.5.2.3).
  const text = JSON.stringify(value) ?? 'null';
  return MAY_HOLD_ODD.test(text) ? text.replace(ESCAPES, (found) => (found === '\\\\' ? found : '\\ufffd')) : text;
}
