// This file names provider accounts and bounce mailboxes that wait for a person: a log-in that is refused, an account that is suspended, a mailbox nobody can read.
import { silentLog } from '../../log.ts';
import { openDb } from '../../store/db.ts';
import { failingMailboxes } from '../../store/mailbox-health.ts';
import { accountsInNeed } from '../../store/provider-accounts.ts';
import { type Finding, finder } from './finding.ts';

/** A screenful; who has more has one cause. */
const NAMED_MAX = 20;
/** Of a reason, what stands in one line. */
const REASON_CHARS_MAX = 400;

/** One line for each that needs somebody, else one that all is well; none where the database does not answer or has no schema yet. */
export async function checkWays(url: string): Promise<Finding[]> {
  const db = openDb(url, silentLog, { connections: 1 });
  try {
    const { pool } = db;
    const [accounts, mailboxes] = [await accountsInNeed(pool, NAMED_MAX), await failingMailboxes(pool, { forS: 0, limit: NAMED_MAX })];
    const found = [
      ...accounts.map(({ name, health, health_reason: reason }) =>
        finder('provider account').warn(
          `${name} is ${health}: ${line(reason)}`,
          `Mend it, then "packetboat accounts test ${name}" says whether it works. Log-ins by access token: docs/OAUTH.md.`,
        ),
      ),
      ...mailboxes.map(({ name, last_error: error }) =>
        finder('bounce mailbox').warn(
          `${name} cannot be read: ${line(error)}`,
          'Mend it with "packetboat mailboxes change"; it is tried again by itself. Log-ins by access token: docs/OAUTH.md.',
        ),
      ),
    ];
    return found.length > 0 ? found : [finder('accounts and mailboxes').ok('none waits for a person')];
  } catch {
    return [];
  } finally {
    await db.close();
  }
}

function line(text: string | null): string {
  return (text ?? 'it does not say why').replace(/\s+/g, ' ').slice(0, REASON_CHARS_MAX).toWellFormed();
}
