// This file shows the DKIM keys of a domain and how they turn: the next one is made, looked for in DNS, and a second algorithm is added.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { patch } from '../api/client.ts';
import { dkimKeysQuery } from '../api/domain-queries.ts';
import type { Domain } from '../api/schema.gen.ts';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { CheckField } from '../desk/field.tsx';
import { Section } from '../desk/section.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { keyWords } from '../words/domains.words.ts';
import { KeyDoors, KeyTable } from './key-table.tsx';
import { livingOf } from './shown-key.ts';

export function DomainKeys({ domain }: { readonly domain: Domain }) {
  const words = useWords(keyWords);
  const person = usePerson();
  const query = useQuery(dkimKeysQuery(domain.id));
  const living = livingOf(query.data?.data ?? []);
  const at = { path: `/v1/domains/${domain.id}/keys`, queryKey: ['domains'] };
  return (
    <Section id="keys" title={words.title} question={words.question}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.what} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : (
        <div className="stack">
          {living.length === 0 ? null : <KeyTable keys={living} at={at} />}
          {person.role === 'viewer' ? null : (
            <>
              <KeyDoors at={at} waits={living.some((key) => key.state === 'new')} />
              <Second domain={domain} />
            </>
          )}
        </div>
      )}
    </Section>
  );
}

/** The second algorithm. */
function Second({ domain }: { domain: Domain }) {
  const words = useWords(keyWords);
  const desk = useWords(deskWords);
  const client = useQueryClient();
  const change = async (ed25519: boolean) => {
    try {
      await patch(`/v1/domains/${domain.id}`, { ed25519 });
      sayResult(ed25519 ? words.secondOn : words.secondOff);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await client.invalidateQueries({ queryKey: ['domains'] });
  };
  return <CheckField label={words.second} checked={domain.ed25519} onChange={(ed25519) => void change(ed25519)} />;
}
