// This file reads loose JSON the way the simulated providers do: unknown fields are ignored, wrong types count as absent.

export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one. */
export function record(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The list itself, or an empty one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string itself, a number as string, or ''. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** The strings of a list. */
export function texts(value: unknown): string[] {
  return list(value).filter((one) => typeof one === 'string');
}

/** An object's entries whose values are strings or numbers, as strings. */
export function textRecord(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value)).filter(([, one]) => typeof one === 'string' || typeof one === 'number');
  return Object.fromEntries(entries.map(([name, one]) => [name, text(one)]));
}

/** A request body as an object; null when it is no JSON object. */
export function parseRecord(body: Buffer): JsonRecord | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(value) ? value : null;
  } catch {
    // The dialects answer this in their own words.
    return null;
  }
}
