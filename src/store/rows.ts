// This file turns rows of the database into what an API answer holds: times as ISO 8601 text.

/** A row whose times became text. */
export type Plain<T> = { [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] };

/** Copies a row with every Date written as ISO 8601 in UTC. */
export function plainRow<T extends object>(row: T): Plain<T> {
  // The mapped type says what the loop does; TypeScript cannot follow it key by key.
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]),
  ) as Plain<T>;
}

/** The first row, or null. */
export function firstRow<T extends object>(rows: readonly T[]): Plain<T> | null {
  return rows[0] ? plainRow(rows[0]) : null;
}

/** Cuts a list that was asked for with one row too many into a page and the row its cursor is made from. */
export function pageOf<T>(rows: readonly T[], limit: number): { page: T[]; last: T | null } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? (page.at(-1) ?? null) : null };
}
