// This file runs a form: one press at a time, what is wrong beside its field, and what was typed stays.
import { useState } from 'react';
import { ApiProblem } from './api/client.ts';
import { problemText } from './desk/error-state.tsx';
import { useWords } from './screen.ts';
import { deskWords } from './words/desk.words.ts';

interface FormState {
  readonly busy: boolean;
  /** What is wrong with this field, as the API named it; null when nothing is. */
  readonly wrong: (field: string) => string | null;
  /** What is wrong with the whole, where no field shown here is named. */
  readonly refused: string | null;
  /** Runs the action unless one is running. */
  readonly run: (act: () => Promise<void>) => Promise<void>;
}

/** `fields`: names the form shows, as the API calls them. */
export function useForm(fields: readonly string[]): FormState {
  const words = useWords(deskWords);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const named = error instanceof ApiProblem && error.field !== null ? fields.find((field) => matches(error.field ?? '', field)) : undefined;
  return {
    busy,
    wrong: (field) => (named === field ? problemText(error, words) : null),
    refused: error === null || named !== undefined ? null : problemText(error, words),
    run: async (act) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      try {
        await act();
      } catch (caught) {
        setError(caught);
      } finally {
        setBusy(false);
      }
    },
  };
}

/** `cidr[0]` is wrong in `cidr`; `settings.host` in `settings.host`. */
function matches(named: string, field: string): boolean {
  return named === field || named.startsWith(`${field}[`) || named.startsWith(`${field}.`);
}
