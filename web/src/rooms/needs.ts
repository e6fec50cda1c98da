// This file gives what waits for a person a way to a room that exists; the API tells it in the reader's language.
import type { Overview } from '../api/model.ts';
import { paths } from '../paths.ts';

type Need = Overview['needs_person'][number];

/** Rooms of the console, by the first part of their path. */
const ROOMS =
  /^\/(?:messages|bounces|complaints|holds|inbound|reports|incidents|outside|accounts|tenants|domains|senders|credentials)(?:[/?#]|$)/;

/** Null: there is no room for it, the words say what to do. */
export function wayOf(need: Need, data: Pick<Overview, 'accounts'>): string | null {
  switch (need.kind) {
    case 'account': {
      // The name of one may be how another's begins.
      const [account] = data.accounts.filter((row) => need.title.startsWith(row.name)).sort((a, b) => b.name.length - a.name.length);
      return account === undefined ? paths.accounts() : paths.account(account.id);
    }
    case 'ledger':
    case 'webhook':
      return null;
    default:
      return ROOMS.test(need.href) ? need.href : null;
  }
}
