// This file makes times and ids for the mock's world.

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const iso = (ms: number) => new Date(ms).toISOString();
export const id = (kind: number, number: number) =>
  `0198c0${kind.toString(16).padStart(2, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** The organisation most of the world is about. */
export const TENANT = '0198c000-0000-7000-8000-000000000001';
