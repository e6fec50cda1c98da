// This file looks at the database: reachable, new enough, its schema, its clock, and the wall between tenants.
import type { Clock } from '../../clock.ts';
import { type DatabaseLook, inspectDatabase } from '../../store/inspect.ts';
import { type Finding, finder } from './finding.ts';

/** SQL keeps to this version's features. */
const VERSION_FLOOR = 150_000;
/** Leases are kept in database time; a second is noise, ten are a clock that is wrong. */
const DRIFT_WARN_MS = 1_000;
const DRIFT_FAIL_MS = 10_000;

/** All findings about the database at `url`; null: the embedded one, which does not run now. */
export async function checkDatabase(url: string | null, options: { directory: string; clock: Clock }): Promise<Finding[]> {
  const { ok, fail } = finder('database');
  if (url === null) return [ok('the embedded one is not running; the desk starts it')];
  let look: DatabaseLook;
  try {
    look = await inspectDatabase(url, options);
  } catch (error) {
    return [
      fail(
        `does not answer: ${error instanceof Error ? error.message : error}`,
        'Check DATABASE_URL, the network, and that the server runs.',
      ),
    ];
  }
  const reached =
    look.versionNumber >= VERSION_FLOOR
      ? ok(`PostgreSQL ${look.versionText} as ${look.user}`)
      : fail(`PostgreSQL ${look.versionText} is too old`, 'Use PostgreSQL 15 or newer.');
  return [reached, durability(look), schema(look), wall(look), drift(look)];
}

function durability({ forgetful }: DatabaseLook): Finding {
  const { ok, warn } = finder('durability');
  if (forgetful.length === 0) return ok('a commit is on disk before it is answered');
  return warn(
    `${forgetful.join(', ')} off: a crash of the database can lose mail that was accepted`,
    `Set ${forgetful.map((name) => `${name} = on`).join(', ')} at the server; "accepted" means "on disk" only then.`,
  );
}

function schema({ schema: status }: DatabaseLook): Finding {
  const { ok, warn, fail } = finder('schema');
  if (status.newerBreaking.length > 0)
    return fail(`of a newer version (${status.newerBreaking.join(', ')})`, 'Start the newer Packetboat, or restore a backup.');
  if (status.drifted.length > 0)
    return warn(
      `these migrations were changed after they ran: ${status.drifted.join(', ')}`,
      'Take the files from the release that ran them; changes belong into a new migration.',
    );
  if (status.pending.length > 0)
    return warn(
      `${status.pending.length} migrations wait (at ${status.current} of ${status.latest})`,
      'The next start applies them; or run "packetboat migrate".',
    );
  return ok(`at ${status.current}, nothing to do`);
}

function wall({ wallMissing }: DatabaseLook): Finding {
  const { ok, warn } = finder('row-level security');
  if (wallMissing === null) return ok('tenant requests run as packetboat_tenant');
  return warn(
    `the role packetboat_tenant cannot be used (${wallMissing}); the desk still names the tenant in every statement`,
    'Give the database user CREATEROLE, or as administrator: create role packetboat_tenant nologin; grant packetboat_tenant to the user.',
  );
}

function drift({ offsetMs }: DatabaseLook): Finding {
  const { ok, warn, fail } = finder('clock');
  const says = `the database's clock differs by ${Math.abs(offsetMs)} ms`;
  if (Math.abs(offsetMs) > DRIFT_FAIL_MS) return fail(says, 'Set the clocks with NTP: times in answers and signatures would be wrong.');
  return Math.abs(offsetMs) > DRIFT_WARN_MS ? warn(says, 'Set the clocks with NTP.') : ok(says);
}
