// This file lets a list say how long it is: only where somebody asks for it, because it costs a query of its own.
import { z } from 'zod';
import { TOTAL_MAX, type Total } from '../store/total.ts';
import { pageSchema } from './schemas.ts';

/** Belongs into the query of a list that can be counted. */
export const WantsTotal = z
  .enum(['true', 'false'])
  .default('false')
  .meta({ description: `true: "total" says how many rows there are on all pages, counted up to ${TOTAL_MAX}.` });

/** A page of such a list. */
export function countedPageSchema<T extends z.ZodType>(row: T) {
  return pageSchema(row).extend({
    total: z.number().optional().meta({ description: 'Rows on all pages; only when total=true.' }),
    total_is_lower_bound: z.boolean().optional().meta({ description: 'true: there are more, counting stopped. Only when total=true.' }),
  });
}

const NOTHING: Total = { total: 0, total_is_lower_bound: false };

/** What goes into the answer beside the page; nothing is counted where nobody asks. `count` null: the list is empty for whoever asks. */
export async function totalWanted(asked: 'true' | 'false', count: (() => Promise<Total>) | null): Promise<Partial<Total>> {
  if (asked === 'false') return {};
  return count === null ? NOTHING : count();
}
