// This file shows where a sending domain stands at providers, makes it known to their accounts, and has them look at its records.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client.ts';
import { providerDomainsQuery } from '../api/domain-queries.ts';
import type { Domain, ProviderDomain } from '../api/schema.gen.ts';
import { A } from '../desk/a.tsx';
import { Button } from '../desk/button.tsx';
import { ErrorState, problemText } from '../desk/error-state.tsx';
import { Glyph, type GlyphName } from '../desk/glyphs.tsx';
import { Section } from '../desk/section.tsx';
import { Time } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.words.ts';
import { providerDomainWords } from '../words/domains.words.ts';

const GLYPHS = { asked: 'queued', pending: 'deferred', verified: 'delivered', blocked: 'bounced' } as const satisfies Record<
  ProviderDomain['state'],
  GlyphName
>;

export function DomainProviders({ domain }: { readonly domain: Domain }) {
  const words = useWords(providerDomainWords);
  const tell = useTell();
  const { role, ofTenant } = usePerson();
  const query = useQuery(providerDomainsQuery(domain.id));
  const rows = query.data?.data ?? [];
  // An organisation has nothing to do here while no provider knows its domain.
  if (ofTenant && rows.length === 0 && query.error === null) return null;
  const register = () => void tell(post(`/v1/domains/${domain.id}/provider-domains`, {}), words.registered);
  return (
    <Section
      id="providers"
      title={words.title}
      question={words.question}
      actions={ofTenant || role === 'viewer' ? undefined : <Button onClick={register}>{words.register}</Button>}
    >
      {query.error === null ? null : <ErrorState error={query.error} what={words.title} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && rows.length === 0 ? <p className="mute">{words.none}</p> : null}
      {rows.length === 0 ? null : (
        <div className="sheet">
          <table className="tbl flow">
            <caption className="sr">{words.title}</caption>
            <thead>
              <tr>
                <th scope="col">{words.provider}</th>
                <th scope="col">{words.state}</th>
                <th scope="col">{words.signing}</th>
                <th scope="col">{words.checked}</th>
                <th scope="col">
                  <span className="sr">{words.check}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.id} row={row} domainId={domain.id} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Row({ row, domainId }: { row: ProviderDomain; domainId: string }) {
  const words = useWords(providerDomainWords);
  const tell = useTell();
  const { role } = usePerson();
  const check = () => void tell(post(`/v1/domains/${domainId}/provider-domains/${row.id}/check`), words.looked);
  return (
    <tr className={row.needs_person ? 'bad' : undefined}>
      <td className="head" data-l="">
        {row.account_id === undefined ? row.provider : <A href={paths.account(row.account_id)}>{row.account ?? row.provider}</A>}
      </td>
      <td data-l={words.state}>
        <span className={`st ${GLYPHS[row.state]}`}>
          <Glyph name={GLYPHS[row.state]} /> {words[row.state]}
        </span>
        {row.trouble === null ? null : <div className="small mute any">{row.trouble}</div>}
      </td>
      <td data-l={words.signing}>{row.signing ? words.own : words.theirs}</td>
      <td data-l={words.checked}>{row.checked_at === null ? '·' : <Time at={row.checked_at} />}</td>
      <td className="num acts" data-l="">
        {role === 'viewer' ? null : (
          <Button kind="quiet" onClick={check}>
            {words.check}
          </Button>
        )}
      </td>
    </tr>
  );
}

function useTell(): (work: Promise<unknown>, done: string) => Promise<void> {
  const words = useWords(providerDomainWords);
  const desk = useWords(deskWords);
  const client = useQueryClient();
  return async (work, done) => {
    try {
      await work;
      sayResult(done);
    } catch (error) {
      sayResult(words.failed(problemText(error, desk)));
    }
    await client.invalidateQueries({ queryKey: ['domains'] });
  };
}
