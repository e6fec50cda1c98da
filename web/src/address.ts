// This file reads the address a person is at: its filters and the object it names.
import { useRouterState } from '@tanstack/react-router';

/** The filters in the address. */
export function useSearch(): Readonly<Record<string, string | undefined>> {
  // router.tsx makes every value a text.
  return useRouterState({ select: (state) => state.location.search as Record<string, string | undefined> });
}

/** The part of the address between slashes that names an object: `/messages/{id}`; the third where it lies deeper. */
export function useObjectId(place = 2): string {
  return useRouterState({ select: (state) => decodeURIComponent(state.location.pathname.split('/')[place] ?? '') });
}
