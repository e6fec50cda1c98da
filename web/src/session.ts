// This file knows who is at the desk.
import { useQuery } from '@tanstack/react-query';
import type { Session } from './api/model.ts';
import { sessionQuery } from './api/queries.ts';
import type { Person } from './can.ts';

const NOBODY: Person = { role: 'viewer', ofTenant: true };

export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}

/** What the person may do; nobody may do nothing. */
export function usePerson(): Person {
  const session = useSession();
  return session?.role == null ? NOBODY : { role: session.role, ofTenant: session.tenant_id !== null };
}
