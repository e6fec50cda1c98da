// This file asks before a domain is removed, and whether it goes at the providers too that were told of it.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { remove } from '../api/client.ts';
import { providerDomainsQuery } from '../api/domain-queries.ts';
import type { Domain } from '../api/schema.gen.ts';
import type { Door } from '../can.ts';
import { Confirm } from '../desk/confirm.tsx';
import { CheckField } from '../desk/field.tsx';
import { useWords } from '../screen.ts';
import { removalWords } from '../words/domain-endings.words.ts';
import { domainWords, providerDomainWords } from '../words/domains.words.ts';

interface DomainRemovalProps {
  readonly domain: Domain;
  readonly door: Door;
  readonly onRemoved: () => Promise<unknown>;
}

export function DomainRemoval({ domain, door, onRemoved }: DomainRemovalProps) {
  const words = useWords(domainWords);
  const [everywhere, setEverywhere] = useState(false);
  const act = async () => {
    await remove(`/v1/domains/${domain.id}${everywhere ? '?at_providers=true' : ''}`);
    await onRemoved();
  };
  return (
    <Confirm
      label={words.remove}
      kind="quiet"
      door={door}
      title={words.removeTitle(domain.name)}
      body={
        <>
          <p>{words.removeBody}</p>
          <AtProviders domainId={domain.id} everywhere={everywhere} onChange={setEverywhere} />
        </>
      }
      verb={words.remove}
      act={act}
    />
  );
}

/** Where it would go, account by account. */
function AtProviders({
  domainId,
  everywhere,
  onChange,
}: {
  readonly domainId: string;
  readonly everywhere: boolean;
  readonly onChange: (everywhere: boolean) => void;
}) {
  const words = useWords(removalWords);
  const states = useWords(providerDomainWords);
  const query = useQuery(providerDomainsQuery(domainId));
  if (query.data === undefined) return query.error === null ? <p className="mute">{words.asking}</p> : null;
  const rows = query.data.data;
  if (rows.length === 0) return null;
  return (
    <>
      <p>{words.there(rows.length)}</p>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            {row.account ?? row.provider} <span className="small mute">{states[row.state]}</span>
          </li>
        ))}
      </ul>
      <CheckField label={words.alsoThere} checked={everywhere} onChange={onChange} />
      <p className="small mute">{everywhere ? words.goesThere : words.staysThere}</p>
    </>
  );
}
