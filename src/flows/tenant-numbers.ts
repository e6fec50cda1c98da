// This file knows the short number of every tenant that sent lately; a number never changes.
import type pg from 'pg';
import { AppError } from '../errors.ts';
import { readTenantNumber } from '../store/tenant-numbers.ts';

/** Makes the look-up: a value once known, a promise the first time. Throws NOT_FOUND for a tenant that does not exist. */
export function makeTenantNumbers(pool: pg.Pool): (tenantId: string) => number | Promise<number> {
  const known = new Map<string, number>();
  return (tenantId) => {
    const number = known.get(tenantId);
    if (number !== undefined) return number;
    return readTenantNumber(pool, tenantId).then((found) => {
      if (found === null) throw new AppError('NOT_FOUND', 'This organisation does not exist.');
      known.set(tenantId, found);
      return found;
    });
  };
}
