// This file shows and changes whether an organisation's application hears of failures by mail, and which notices left last.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { put } from '../api/client.ts';
import type { BounceNotices as Notices } from '../api/schema.gen.ts';
import { bounceNoticesQuery } from '../api/tenant-mail-queries.ts';
import { accountsQuery } from '../api/way-queries.ts';
import { A } from '../desk/a.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { CheckField, ChecksField, ChoiceField, SelectField } from '../desk/field.tsx';
import { FormFoot } from '../desk/form-foot.tsx';
import { Section } from '../desk/section.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { useForm } from '../form.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { faultOfClass } from '../turn.ts';
import { classNames } from '../words/classes.words.ts';
import { tenantMailWords } from '../words/tenant-mail.words.ts';
import { capital } from '../words/words.ts';

export function BounceNotices({ tenantId }: { readonly tenantId: string }) {
  const words = useWords(tenantMailWords);
  const query = useQuery(bounceNoticesQuery(tenantId));
  return (
    <Section id="notices" title={words.notices} question={words.noticesQuestion}>
      {query.error === null ? null : <ErrorState error={query.error} what={words.notices} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? null : (
        <div className="stack">
          <Setting key={tenantId} notices={query.data} />
          <Last notices={query.data} />
        </div>
      )}
    </Section>
  );
}

function Setting({ notices }: { notices: Notices }) {
  const words = useWords(tenantMailWords);
  const names: Readonly<Record<string, string>> = useWords(classNames);
  const { ofTenant } = usePerson();
  const client = useQueryClient();
  const form = useForm(['classes', 'account_id']);
  const [enabled, setEnabled] = useState(notices.enabled);
  const [complaints, setComplaints] = useState(notices.complaints);
  const [classes, setClasses] = useState<readonly string[] | null>(notices.classes);
  const [account, setAccount] = useState(notices.account_id ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.run(async () => {
      const of = ofTenant ? {} : { account_id: account === '' ? null : account };
      await put(`/v1/tenants/${notices.tenant_id}/bounce-notices`, { enabled, complaints, classes, ...of });
      await client.invalidateQueries({ queryKey: ['tenant', notices.tenant_id, 'bounce-notices'] });
      sayResult(words.saved);
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <CheckField label={words.noticesOn} checked={enabled} onChange={setEnabled} />
      {enabled ? (
        <>
          <p className="mute">{words.noticesHint}</p>
          <CheckField label={words.complaintsToo} checked={complaints} onChange={setComplaints} />
          <ChoiceField
            label={words.which}
            name="which"
            value={classes === null ? 'all' : 'some'}
            options={[
              { value: 'all', title: words.whichAll },
              { value: 'some', title: words.whichSome },
            ]}
            onChange={(which) => setClasses(which === 'all' ? null : FIRST)}
            wrong={form.wrong('classes')}
          />
          {classes === null ? null : (
            <div className="classes">
              <ChecksField
                label={words.whichHint}
                values={classes}
                options={TOLD.map((name) => [name, capital(names[name] ?? name)])}
                onChange={setClasses}
              />
            </div>
          )}
          {ofTenant ? null : <Account value={account} onChange={setAccount} wrong={form.wrong('account_id')} />}
        </>
      ) : null}
      <FormFoot verb={words.save} busy={form.busy} refused={form.refused} main={false} />
    </form>
  );
}

/** Classes an application can be told of: failures with a fault that is not our account's at a provider. */
const TOLD = Object.keys(classNames).filter((name) => faultOfClass(name) !== null && name !== 'operator');
/** What "only some" begins with: the recipients' own. */
const FIRST = TOLD.filter((name) => faultOfClass(name) === 'recipient');

function Account({ value, onChange, wrong }: { value: string; onChange: (value: string) => void; wrong: string | null }) {
  const words = useWords(tenantMailWords);
  const accounts = useQuery({ ...accountsQuery, refetchInterval: false });
  const smarthosts = (accounts.data?.data ?? []).filter((account) => account.provider === 'smtp' && account.state !== 'removed');
  return (
    <SelectField
      label={words.account}
      value={value}
      options={[['', words.accountOwn], ...smarthosts.map((account) => [account.id, account.name] as const)]}
      onChange={onChange}
      wrong={wrong}
    />
  );
}

function Last({ notices }: { notices: Notices }) {
  const words = useWords(tenantMailWords);
  const format = useFormat();
  const states = { due: words.stateDue, handed_over: words.stateHanded, dropped: words.stateDropped, dead: words.stateDead };
  const day = (['handed_over', 'due', 'dropped', 'dead'] as const).flatMap((state) => {
    const count = notices.last_day[state] ?? 0;
    return count === 0 ? [] : [words[state](format.int(count))];
  });
  if (notices.last.length === 0) return notices.enabled ? <p className="mute">{words.noneYet}</p> : null;
  return (
    <>
      {day.length === 0 ? null : (
        <p>
          {words.day}: {day.join(', ')}.
        </p>
      )}
      <details>
        <summary>{words.last}</summary>
        <div className="sheet bar">
          <table className="tbl flow">
            <caption className="sr">{words.last}</caption>
            <thead>
              <tr>
                <th scope="col">{words.about}</th>
                <th scope="col">{words.noticeTo}</th>
                <th scope="col">{words.state}</th>
                <th scope="col">{words.said}</th>
                <th scope="col">{words.at}</th>
              </tr>
            </thead>
            <tbody>
              {notices.last.map((notice) => (
                <tr key={notice.id}>
                  <td className="head" data-l="">
                    <A href={paths.message(notice.message_id, { recipient: notice.recipient_id })}>{notice.address}</A>
                  </td>
                  <td className="any" data-l={words.noticeTo}>
                    {notice.to}
                  </td>
                  <td data-l={words.state}>{states[notice.state]}</td>
                  <td className="wire mute" data-l={words.said}>
                    {notice.reply}
                  </td>
                  <td data-l={words.at}>
                    <Time at={notice.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
