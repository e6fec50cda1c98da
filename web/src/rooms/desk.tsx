// This file is the development page: every part of the desk in every state, to be looked at in both themes and at every width. It is not in the
// built console.
import { type ReactNode, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { RECIPIENT_STATES } from '../api/model.ts';
import { Breaker } from '../desk/breaker.tsx';
import { Button } from '../desk/button.tsx';
import { ChoiceChip, SetChip } from '../desk/chips.tsx';
import type { Column } from '../desk/column.ts';
import { Confirm } from '../desk/confirm.tsx';
import { Copy } from '../desk/copy.tsx';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { ErrorState } from '../desk/error-state.tsx';
import { Facts } from '../desk/facts.tsx';
import { FaultTag } from '../desk/fault-tag.tsx';
import { ChecksField, ChoiceField, SelectField, TextField } from '../desk/field.tsx';
import { IncidentCard } from '../desk/incident-card.tsx';
import { LedgerBar } from '../desk/ledger-bar.tsx';
import { MarkPill } from '../desk/mark-pill.tsx';
import { Note } from '../desk/note.tsx';
import { Page } from '../desk/page.tsx';
import { SecretOnce } from '../desk/secret-once.tsx';
import { Section } from '../desk/section.tsx';
import { StatePill } from '../desk/state-pill.tsx';
import { Switch } from '../desk/switch.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { ThinBar } from '../desk/thin-bar.tsx';
import { Time } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { WhyThisWay } from '../desk/why-this-way.tsx';
import { paths } from '../paths.ts';
import { fullCounts } from '../states.ts';
import { CHOSEN, COUNTS, FAULTS, MARKS, ROWS } from './desk-samples.ts';

/** What does every part of the desk look like? */
export function logLine(): string {
  return 'Every part of the desk stands here in every state.';
}

export function Desk() {
  return (
    <Page title="Desk" line={logLine()}>
      <States />
      <Bars />
      <Tables />
      <Cards />
      <Controls />
      <Forms />
    </Page>
  );
}

function Shelf({ children }: { children: ReactNode }) {
  return <div className="stack">{children}</div>;
}

function States() {
  return (
    <Section title="States and faults" question="Glyph, word, colour together; the glyph alone has a name.">
      <Shelf>
        <div className="cols c3">
          {RECIPIENT_STATES.map((state) => (
            <span key={state}>
              <StatePill state={state} /> <StatePill state={state} bare /> <StatePill state={state} calm />
            </span>
          ))}
        </div>
        <div className="btns">
          {FAULTS.map((fault) => (
            <FaultTag key={fault} fault={fault} />
          ))}
        </div>
        <div className="btns">
          {MARKS.map((mark) => (
            <MarkPill key={mark} mark={mark} />
          ))}
        </div>
        <div className="btns">
          <Breaker state="closed" />
          <Breaker state="half" />
          <Breaker state="open" />
        </div>
        <p>
          <Time at={new Date().toISOString()} focusable /> <Time at={new Date(Date.now() - 86_400_000 * 40).toISOString()} focusable />
        </p>
      </Shelf>
    </Section>
  );
}

function Bars() {
  return (
    <Section title="LedgerBar" question="The whole, under the loupe, and all thirteen.">
      <Shelf>
        {COUNTS.map(([name, counts]) => {
          const full = fullCounts(counts);
          const total = Object.values(full).reduce((sum, count) => sum + count, 0);
          return (
            <div key={name} className="sheet pad">
              <LedgerBar counts={full} total={total} href={(state) => paths.messages({ state })} />
              <ThinBar counts={full} total={total} />
            </div>
          );
        })}
      </Shelf>
    </Section>
  );
}

const COLUMNS: readonly Column<(typeof ROWS)[number]>[] = [
  { id: 'name', head: 'Name', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'count', head: 'Count', num: true, cell: (row) => row.count, sort: (row) => row.count },
];

function Tables() {
  const [sort, setSort] = useState('');
  return (
    <Section title="DataTable, WhyThisWay" question="Keys J K Enter; a click on a heading sorts.">
      <Shelf>
        <div className="sheet">
          <DataTable
            caption="Sample"
            rows={ROWS}
            columns={COLUMNS}
            rowId={(row) => row.name}
            rowHref={() => paths.desk()}
            sort={sort}
            onSort={setSort}
            bad={(row) => row.count === 0}
            fresh={new Set(['Second'])}
          />
        </div>
        <TableFoot shown={ROWS.length} total={824} more />
        <WhyThisWay decision={CHOSEN} />
      </Shelf>
    </Section>
  );
}

function Cards() {
  return (
    <Section title="Cards" question="A person is needed, advice, emptiness, an error, a secret.">
      <Shelf>
        <IncidentCard title="Mandrill does not take our mail." when="open since 13:02" actions={<Button kind="main">Look at it</Button>}>
          PAYMENT_REQUIRED: The requested feature requires payment.
        </IncidentCard>
        <Note actions={<Button>Show the record</Button>}>Add one CNAME, and this mail can take Mandrill.</Note>
        <Empty title="Nobody complained in 7 days." />
        <ErrorState
          error={
            new ApiProblem(503, 'STORE_UNAVAILABLE', 'The database does not answer.', { hint: 'Nothing was accepted.', requestId: 'req-1' })
          }
          what="the messages"
          onRetry={() => undefined}
        />
        <SecretOnce title="Copy it now" text="Nobody can show it again." pairs={[['API key', 'pb_live_k7Qx2k7Qx2k7Qx2k7Qx2']]} />
        <Facts
          facts={[
            ['Size', '18.4 kB'],
            ['Tags', 'renewal, crm'],
            ['Message-ID', <Copy key="id" text="<1.4f2a@rowing-club.example>" what="Message-ID" />],
          ]}
        />
      </Shelf>
    </Section>
  );
}

function Controls() {
  const [chip, setChip] = useState('');
  const [way, setWay] = useState<'one' | 'two'>('one');
  return (
    <Section title="Controls" question="One main button per screen; a closed door says why.">
      <Shelf>
        <div className="btns">
          <Button kind="main">Main</Button>
          <Button>Plain</Button>
          <Button kind="quiet">Quiet</Button>
          <Button door={{ door: 'closed', reason: 'It was cancelled already.' }}>Closed</Button>
          <Button busy>Busy</Button>
          <Confirm
            label="Confirm"
            door={{ door: 'open' }}
            title="Release 212 addresses"
            body="9 of them bounced again this week."
            verb="Release 212"
            act={async () => sayResult('212 addresses released.')}
          />
          <Button onClick={() => sayResult('Saved.', () => undefined)}>Toast</Button>
        </div>
        <div className="chips">
          <ChoiceChip
            label="State"
            value={chip}
            options={[
              ['held', 'Held'],
              ['bounced', 'Bounced'],
            ]}
            onChange={setChip}
          />
          <SetChip label="Address" value="somebody.with.a.long.name@mailbox.test" onClear={() => undefined} />
        </div>
        <Switch
          label="Switch"
          value={way}
          options={[
            ['one', 'One'],
            ['two', 'Two'],
          ]}
          onChange={setWay}
        />
      </Shelf>
    </Section>
  );
}

function Forms() {
  const [text, setText] = useState('');
  const [pick, setPick] = useState<'a' | 'b'>('a');
  const [many, setMany] = useState<string[]>(['read']);
  return (
    <Section title="Fields" question="The name above, the hint below, what is wrong right there.">
      <div className="form">
        <TextField label="Name" hint="What uses it." value={text} onChange={(event) => setText(event.target.value)} />
        <TextField label="API key" wire value="refused" wrong="It holds blanks; copy it again." readOnly />
        <SelectField
          label="Encryption"
          value="a"
          options={[
            ['a', 'STARTTLS'],
            ['b', 'TLS'],
          ]}
          onChange={() => undefined}
        />
        <ChoiceField
          label="How"
          name="how"
          value={pick}
          onChange={setPick}
          options={[
            { value: 'a', title: 'By HTTP', text: 'For applications.' },
            { value: 'b', title: 'By SMTP' },
          ]}
        />
        <ChecksField
          label="Rights"
          values={many}
          options={[
            ['read', 'read'],
            ['write', 'write'],
          ]}
          onChange={setMany}
        />
      </div>
    </Section>
  );
}
