// This file names what the desk found when it last looked at itself from outside: the console's room "Seen from outside" shows all of it, and since when.
import { readSelfChecks, type SelfChecks } from '../../flows/check-ourselves.ts';
import { silentLog } from '../../log.ts';
import { openDb } from '../../store/db.ts';
import { type Finding, finder } from './finding.ts';

const ROOM = 'the console’s room "Seen from outside" (/outside)';

/** One line; none where the database does not answer or has no schema yet, which have lines of their own. */
export async function checkLastLook(url: string): Promise<Finding[]> {
  const db = openDb(url, silentLog, { connections: 1 });
  try {
    return [told(await readSelfChecks(db.pool))];
  } catch {
    return [];
  } finally {
    await db.close();
  }
}

function told(last: SelfChecks | null): Finding {
  const { ok, warn } = finder('seen from outside');
  if (last === null) return ok(`no desk has looked yet; a running one looks once a day, and ${ROOM} shows what it found`);
  const when = `${last.checked_at.slice(0, 16).replace('T', ' ')} UTC`;
  const count = (state: string, one: string, many: string) => {
    const n = last.checks.filter((check) => check.state === state).length;
    return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  };
  const wrong = [...count('problem', 'problem', 'problems'), ...count('warning', 'warning', 'warnings')];
  if (wrong.length === 0) return ok(`nothing to mend when the desk looked last (${when}); ${ROOM} shows it`);
  return warn(
    `${wrong.join(' and ')} when the desk looked last (${when})`,
    `Open ${ROOM}: it says what to mend, and since when; it can look again at once.`,
  );
}
