// This file lists addresses on hold with their proof, and lets one go: with a reason, and with what was not written because of it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client.ts';
import type { Hold, Released } from '../api/feedback-model.ts';
import type { Page } from '../api/model.ts';
import { tenantsQuery } from '../api/sender-queries.ts';
import { can } from '../can.ts';
import { useNow } from '../clock.ts';
import { A } from '../desk/a.tsx';
import { Confirm } from '../desk/confirm.tsx';
import { Empty } from '../desk/empty.tsx';
import { CheckField, TextField } from '../desk/field.tsx';
import { Pages } from '../desk/pages.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { type HoldFilters, paths } from '../paths.ts';
import { reasonWords } from '../reason.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { holdsWords } from '../words/holds.words.ts';
import { tableWords } from '../words/table.words.ts';
import { capital, type Words } from '../words/words.ts';

interface HoldTableProps {
  readonly page: Page<Hold>;
  readonly filters: HoldFilters;
  readonly search: Readonly<Record<string, string>>;
}

export function HoldTable({ page, filters, search }: HoldTableProps) {
  const words = useWords(holdsWords);
  const desk = useWords(tableWords);
  const { ofTenant } = usePerson();
  const tenants = useQuery({ ...tenantsQuery, enabled: !ofTenant });
  const names = new Map((tenants.data?.data ?? []).map((tenant) => [tenant.id, tenant.name]));
  const withTenant = !ofTenant && filters.tenant === undefined;
  if (page.data.length === 0) {
    const filtered = Object.keys(filters).length > 0;
    return (
      <div className="bar">
        <Empty title={filtered ? words.emptyMatch : words.emptyGood}>{filtered ? words.emptyMatchHow : words.emptyGoodHow}</Empty>
      </div>
    );
  }
  const { after: _, ...base } = filters;
  return (
    <div className="bar" id="list">
      <div className="sheet">
        <table className="tbl flow">
          <caption className="sr">{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.address}</th>
              <th scope="col">{words.proof}</th>
              <th scope="col">{words.why}</th>
              {withTenant ? <th scope="col">{words.tenant}</th> : null}
              <th scope="col">{words.since}</th>
              <th scope="col">{words.until}</th>
              <th scope="col">
                <span className="sr">{words.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {page.data.map((hold) => (
              <HoldRow key={hold.id} hold={hold} tenant={withTenant ? (names.get(hold.tenant_id) ?? '') : null} />
            ))}
          </tbody>
        </table>
      </div>
      <TableFoot
        shown={page.data.length}
        more={page.next !== null || filters.after !== undefined}
        keys={false}
        pages={
          <Pages
            first={filters.after === undefined ? null : paths.holds(base)}
            next={page.next === null ? null : paths.holds({ ...base, after: page.next })}
            newestFirst={filters.q === undefined}
          />
        }
        onCsv={() => {
          sayResult(desk.csvWorking);
          void import('./answers-csv.ts').then((file) => file.exportHolds(search));
        }}
      />
    </div>
  );
}

function HoldRow({ hold, tenant }: { hold: Hold; tenant: string | null }) {
  const words = useWords(holdsWords);
  const format = useFormat();
  const now = useNow();
  const streams = { transactional: words.transactional, bulk: words.bulk };
  return (
    <tr>
      <td className="head" data-l="">
        <A href={paths.messages({ address: hold.address })}>{hold.address}</A>
      </td>
      <td data-l={words.proof} className={hold.evidence === null ? 'fine faint' : undefined}>
        {hold.evidence === null ? words.noProof : <span className="wire">{hold.evidence}</span>}
      </td>
      <td data-l={words.why}>
        {capital(reasonWords(hold.reason, format) ?? hold.reason)}
        <br />
        <span className="small faint">
          {hold.stream === null ? words.all : streams[hold.stream]}, {sourceWords(hold.source, words)}
          {hold.holds < 2 ? '' : `, ${words.times(format.int(hold.holds))}`}
        </span>
      </td>
      {tenant === null ? null : (
        <td data-l={words.tenant}>
          <A href={paths.tenant(hold.tenant_id)}>{tenant}</A>
        </td>
      )}
      <td data-l={words.since}>
        <Time at={hold.created_at} />
      </td>
      <td data-l={words.until} className="nw">
        {hold.expires_at === null ? (
          <span className="mute">{words.forGood}</span>
        ) : (
          <Time at={hold.expires_at}>{format.day(Date.parse(hold.expires_at), now)}</Time>
        )}
      </td>
      <td className="num acts" data-l="">
        <Release hold={hold} />
      </td>
    </tr>
  );
}

/** Where it came from; what has no words stands as it is called. */
function sourceWords(source: string, words: Words<typeof holdsWords>): string {
  if (source === 'operator') return words.sourceOperator;
  if (source === 'api') return words.sourceApi;
  if (source === 'webhook') return words.sourceWebhook;
  if (source === 'hand-over') return words.sourceHandOver;
  if (source === 'return-path' || source === 'report') return words.sourceMail;
  return source.startsWith('import') ? words.sourceImport : words.source(source);
}

/** Reasons that are a person's own wish. */
const WISHES = new Set(['complaint', 'unsubscribed']);

function Release({ hold }: { hold: Hold }) {
  const words = useWords(holdsWords);
  const person = usePerson();
  const client = useQueryClient();
  const format = useFormat();
  const [why, setWhy] = useState('');
  const [resend, setResend] = useState(false);
  const act = async () => {
    const { resent, not_resent: left } = await post<Released>(`/v1/suppressions/${hold.id}/release`, { why: why.trim(), resend });
    await client.invalidateQueries({ queryKey: ['suppressions'] });
    sayResult(`${words.released(hold.address, resent.length)}${left.length === 0 ? '' : ` ${words.notAgain(left.length)}`}`);
  };
  return (
    <Confirm
      label={words.release}
      kind="quiet"
      calm
      door={can('releaseHold', 'held', person, format.lang)}
      title={words.releaseTitle(hold.address)}
      body={
        <>
          {WISHES.has(hold.reason) ? words.releaseWish : words.releaseBody}
          <TextField
            label={words.releaseWhy}
            hint={words.releaseWhyHint}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
            maxLength={500}
            required
          />
          <CheckField label={words.resend} checked={resend} onChange={setResend} />
        </>
      }
      verb={words.releaseVerb}
      wait={why.trim() === '' ? words.releaseNeedsWhy : null}
      act={act}
    />
  );
}
