// This file lets Esc lead from one object back to where one came from, or to its list.
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isBusy } from './busy.ts';

/** `list`: where to go when this page was opened directly. */
export function useEscapeBack(list: string): void {
  const router = useRouter();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || isBusy(event) || document.querySelector('tr.at') !== null) return;
      event.preventDefault();
      if (router.history.canGoBack()) router.history.back();
      else router.history.push(list);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [router, list]);
}
