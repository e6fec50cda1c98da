// This file lists domains that were removed here and are still known at a provider, with the reason; each can be tried again or left there.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { post, remove } from '../api/client.ts';
import { removalsQuery } from '../api/domain-queries.ts';
import type { ProviderDomainRemoval } from '../api/schema.gen.ts';
import { Button } from '../desk/button.tsx';
import { problemText } from '../desk/error-state.tsx';
import { Section } from '../desk/section.tsx';
import { Time } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { removalWords } from '../words/domain-endings.words.ts';
import { domainWords } from '../words/domains.words.ts';

export function DomainRemovals() {
  const words = useWords(removalWords);
  const rows = useQuery(removalsQuery).data?.data ?? [];
  // Nothing is left nearly always, and a list that is only away for a moment says nothing new.
  if (rows.length === 0) return null;
  return (
    <Section id="removals" title={words.title} question={words.question}>
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.domain}</th>
              <th scope="col">{words.where}</th>
              <th scope="col">{words.why}</th>
              <th scope="col">{words.again}</th>
              <th scope="col">
                <span className="sr">{words.retry}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Row({ row }: { row: ProviderDomainRemoval }) {
  const words = useWords(removalWords);
  const domains = useWords(domainWords);
  const desk = useWords(deskWords);
  const client = useQueryClient();
  const { role } = usePerson();
  const url = `/v1/provider-domain-removals/${row.id}`;
  const tell = async (work: () => Promise<string>) => {
    try {
      sayResult(await work());
    } catch (error) {
      sayResult(domains.failed(problemText(error, desk)));
    }
    await client.invalidateQueries({ queryKey: removalsQuery.queryKey });
  };
  const retry = async () => {
    const { state, trouble, domain } = await post<ProviderDomainRemoval>(`${url}/retry`);
    if (state === 'removed') return words.gone(domain);
    return state === 'kept' ? words.kept(domain) : words.still(domain, trouble ?? '');
  };
  const leave = async () => {
    await remove(url);
    return words.left(row.domain);
  };
  return (
    <tr className={row.needs_person ? 'bad' : undefined}>
      <td className="head any" data-l="">
        {row.domain}
      </td>
      <td data-l={words.where}>{row.account ?? row.provider}</td>
      <td className="any" data-l={words.why}>
        {row.trouble ?? <span className="mute">{words.notYet}</span>}
      </td>
      <td data-l={words.again}>{row.next_at === null ? '·' : <Time at={row.next_at} />}</td>
      <td className="num acts" data-l="">
        {role === 'viewer' ? null : (
          <>
            <Button kind="quiet" onClick={() => void tell(retry)}>
              {words.retry}
            </Button>{' '}
            <Button kind="quiet" onClick={() => void tell(leave)}>
              {words.forget}
            </Button>
          </>
        )}
      </td>
    </tr>
  );
}
