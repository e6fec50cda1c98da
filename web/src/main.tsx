// This file starts the console.
import './styles/main.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/client.ts';
import { sessionQuery } from './api/queries.ts';
import { router } from './router.tsx';

/** An answer is shown again without asking for this long, milliseconds: going back and forth costs nothing. */
const FRESH_MS = 2_000;
/** Questions that failed for reasons of the line are asked this many times more. */
const RETRIES_MAX = 2;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: endSession }),
  mutationCache: new MutationCache({ onError: endSession }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // The desk said no: asking again changes nothing. A broken line may mend.
      retry: (count, error) => count < RETRIES_MAX && !(error instanceof ApiProblem && error.status > 0 && error.status < 500),
    },
  },
});

/** A session that ended elsewhere ends here too; the frame then asks to sign in and comes back. */
function endSession(error: Error): void {
  if (error instanceof ApiProblem && error.status === 401) client.setQueryData(sessionQuery.queryKey, null);
}

const place = document.getElementById('root');
if (place === null) throw new Error('index.html has no #root');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
