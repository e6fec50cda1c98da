// This file knows who is at the desk.
import { useQuery } from '@tanstack/react-query';
import type { Session } from './api/model.ts';
import { sessionQuery, tenantQuery } from './api/queries.ts';
import type { Person } from './person.ts';

const NOBODY: Person = { role: 'viewer', ofTenant: true };

export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null;
}

/** The name of the organisation of a tenant's person; null for people of the platform and while it is asked for. */
export function useOwnName(): string | null {
  const id = useSession()?.tenant_id ?? null;
  return useQuery({ ...tenantQuery(id ?? ''), enabled: id !== null }).data?.name ?? null;
}

/** What the person may do; nobody may do nothing. */
export function usePerson(): Person {
  const session = useSession();
  return session?.role == null ? NOBODY : { role: session.role, ofTenant: session.tenant_id !== null };
}
