// This file says how long a list is, as far as it is counted: nobody reads past ten thousand, and counting further costs more than the answer is worth.

/** Rows counted at most. */
export const TOTAL_MAX = 10_000;
/** Hits a count stops at: one more than is told, so that "more than that" is known. */
export const COUNTED_MAX = TOTAL_MAX + 1;

export interface Total {
  readonly total: number;
  /** There are more: counting stopped at TOTAL_MAX, or where enough was looked through. */
  readonly total_is_lower_bound: boolean;
}

/** `n`: hits counted, up to COUNTED_MAX; `cut`: not everything was looked through. */
export function totalOf({ n, cut }: { readonly n: number; readonly cut: boolean }): Total {
  return { total: Math.min(n, TOTAL_MAX), total_is_lower_bound: cut || n > TOTAL_MAX };
}
