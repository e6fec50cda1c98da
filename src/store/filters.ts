// This file puts together the `where` of lists whose filters are optional: each given filter adds one condition and one parameter, so the
// planner sees only what was asked for and can use its index.

export interface Filters {
  /** Adds a condition; every `?` in it stands for the value. Undefined and null values add nothing. */
  add(condition: string, value: unknown): Filters;
  /** Registers a value and answers its placeholder (`$3`). */
  param(value: unknown): string;
  /** `where …`, or nothing when no filter was given. */
  readonly where: string;
  readonly values: unknown[];
}

export function makeFilters(): Filters {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const param = (value: unknown) => `$${values.push(value)}`;
  return {
    add(condition, value) {
      if (value !== undefined && value !== null) conditions.push(condition.replaceAll('?', param(value)));
      return this;
    },
    param,
    get where() {
      return conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
    },
    values,
  };
}
