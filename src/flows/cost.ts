// This file says how much of the wire a message takes.

/** Large messages take their share of the wire by size: one unit for each 16 KB begun. */
export function costOf(bytes: number): number {
  return 1 + Math.floor(bytes / 16_384);
}
