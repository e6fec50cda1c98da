// This file writes the log lines of Domains: of the list, and of one domain.
import type { Page } from '../api/model.ts';
import type { Domain } from '../api/schema.gen.ts';
import type { Format } from '../format.ts';
import { domainWords } from '../words/domains.words.ts';
import { numberWord, pick } from '../words/words.ts';

export interface DomainsData {
  readonly page: Page<Domain>;
  readonly filtered: boolean;
}

/** May each name speak for itself? Worst first. */
export function logLine({ page, filtered }: DomainsData, format: Pick<Format, 'lang'>): string {
  const say = pick(domainWords, format.lang);
  const all = page.data.length;
  if (all === 0) return filtered ? say.noMatch : say.none;
  const count = (state: Domain['state']) => page.data.filter((domain) => domain.state === state).length;
  const [broken, warning, pending] = [count('broken'), count('warning'), count('pending')];
  if (broken > 0) return say.lineBroken(broken);
  if (warning > 0) return say.lineWarning(warning);
  if (pending > 0) return pending < all ? `${say.linePending(pending)} ${say.lineRest}` : say.linePending(pending);
  return say.lineAll(all, numberWord(all, format.lang));
}

/** Records that matter and are not right: those only good to have never make a domain wrong. */
export function wrongRecords(domain: Pick<Domain, 'records'>): Domain['records'] {
  return domain.records.filter((record) => record.needed !== 'optional' && !['ok', 'unreachable'].includes(record.state));
}

/** May this name speak for itself; which record is wrong? */
export function domainLine(domain: Domain, format: Format, nowMs: number): string {
  const say = pick(domainWords, format.lang);
  const all = domain.records.filter((record) => record.needed !== 'optional').length;
  const wrong = wrongRecords(domain).length;
  if (domain.state === 'broken') return say.oneBroken(wrong, all);
  if (domain.state === 'warning' && domain.breaks_at !== null)
    return say.oneWarning(wrong, all, format.ahead(Date.parse(domain.breaks_at), nowMs));
  if (domain.vouched && domain.proven_at === null && wrong > 0) return say.oneVouched;
  if (domain.state === 'pending') {
    if (domain.next_check_at === null) return say.oneGivenUp(all);
    return domain.checked_at === null ? say.oneNotSeen(all) : say.onePending(wrong, all);
  }
  if (wrong > 0) return say.oneCare(wrong, all);
  return domain.authenticated ? say.oneRight : say.oneRightUnproved;
}
