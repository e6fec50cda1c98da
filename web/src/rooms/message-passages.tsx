// This file shows the passages of a message: up to six as lanes on one clock, more as a table with one lane opened.
import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useMemo } from 'react';
import { post } from '../api/client.ts';
import type { Message, Recipient } from '../api/model.ts';
import { can } from '../can.ts';
import { useNow } from '../clock.ts';
import { Button } from '../desk/button.tsx';
import { type Column, DataTable } from '../desk/data-table.tsx';
import { problemText } from '../desk/error-state.tsx';
import { Lane, PassageStrip } from '../desk/passage.tsx';
import { Section } from '../desk/section.tsx';
import { MarkPill, StatePill } from '../desk/state-pill.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { sayResult } from '../desk/toast.tsx';
import { faultOfClass, pillText, turnOf } from '../mail.ts';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { deskWords } from '../words/desk.ts';
import { messageWords } from '../words/message.ts';
import { tookSecondRoute } from './message.log.ts';

/** Over this many the lanes become a table. */
const LANES_MAX = 6;
/** Rows of that table drawn at once; the chosen one is always among them. */
const ROWS_MAX = 200;

export function Passages({ message }: { readonly message: Message }) {
  const words = useWords(messageWords);
  const takenMs = Date.parse(message.created_at);
  const { recipients } = message;
  const columns = recipients.length === 1 ? 'n1' : recipients.length === 2 || recipients.length === 4 ? 'n2' : 'n3';
  return (
    <Section id="passages" title={words.passages(recipients.length)} question={words.passagesQuestion}>
      {recipients.length > LANES_MAX ? (
        <ManyPassages message={message} />
      ) : (
        <>
          <PassageStrip recipients={recipients} takenMs={takenMs} />
          <div className={`sheet lanes ${columns}`}>
            {recipients.map((recipient) => (
              <OneLane key={recipient.id} message={message} recipient={recipient} />
            ))}
          </div>
        </>
      )}
    </Section>
  );
}

function ManyPassages({ message }: { message: Message }) {
  const words = useWords(messageWords);
  const hash = useRouterState({ select: (state) => state.location.hash });
  const columns = useColumns(message);
  const chosen = message.recipients.find((recipient) => recipient.id === hash);
  const first = message.recipients.slice(0, ROWS_MAX);
  const shown = chosen === undefined || first.includes(chosen) ? first : [chosen, ...first.slice(1)];
  return (
    <div className="stack">
      {chosen === undefined ? null : (
        <div className="sheet lanes n1">
          <OneLane message={message} recipient={chosen} />
        </div>
      )}
      <div className="sheet">
        <DataTable
          caption={words.caption}
          rows={shown}
          columns={columns}
          rowId={(row) => row.id}
          rowHref={(row) => paths.message(message.id, { recipient: row.id })}
        />
      </div>
      <TableFoot shown={shown.length} total={message.recipients.length} />
    </div>
  );
}

function useColumns(message: Message): Column<Recipient>[] {
  const words = useWords(messageWords);
  const format = useFormat();
  const now = useNow();
  const reader = usePerson().ofTenant ? 'tenant' : 'operator';
  return useMemo(
    () => [
      { id: 'address', head: words.recipient, cell: (row) => row.address },
      {
        id: 'state',
        head: words.state,
        cell: (row) => <StatePill state={row.state} text={pillText(row, Date.parse(message.created_at), format, reader, now)} />,
      },
      { id: 'tries', head: words.tries, num: true, cell: (row) => format.cell(row.attempts.length), fine: (row) => row.attempts.length <= 1 },
      { id: 'said', head: words.said, cell: (row) => <span className="wire">{row.attempts.at(-1)?.reply}</span>, fine: (row) => row.state === 'delivered' },
      { id: 'since', head: words.since, cell: (row) => <Time at={row.state_at} /> },
    ],
    [words, format, now, reader, message.created_at],
  );
}

function OneLane({ message, recipient }: { message: Message; recipient: Recipient }) {
  const words = useWords(messageWords);
  const desk = useWords(deskWords);
  const format = useFormat();
  const now = useNow();
  const person = usePerson();
  const client = useQueryClient();
  const takenMs = Date.parse(message.created_at);
  const release = async () => {
    try {
      await post(`/v1/recipients/${recipient.id}/release`);
      sayResult(words.released(recipient.address));
    } catch (error) {
      sayResult(words.notReleased(problemText(error, desk)));
    }
    await client.invalidateQueries({ queryKey: ['message', message.id] });
  };
  return (
    <Lane
      recipient={recipient}
      takenMs={takenMs}
      head={
        <>
          <StatePill state={recipient.state} text={pillText(recipient, takenMs, format, person.ofTenant ? 'tenant' : 'operator', now)} />
          {recipient.marks
            .filter((mark) => mark !== 'silent')
            .map((mark) => (
              <span key={mark}>
                {' · '}
                <MarkPill mark={mark} />
              </span>
            ))}
          <LaneSentence recipient={recipient} />
        </>
      }
      actions={
        <Button kind="main" door={can('releaseRecipient', recipient.state, person, format.lang)} onClick={() => void release()}>
          {words.release}
        </Button>
      }
    />
  );
}

/** Whose turn it is, where that is not plain from the state. */
function LaneSentence({ recipient }: { recipient: Recipient }) {
  const words = useWords(messageWords);
  if (recipient.marks.includes('resent')) return <p>{words.laneResent}</p>;
  if (recipient.state === 'delivered' && tookSecondRoute(recipient)) return <p>{words.laneRerouted}</p>;
  if (recipient.state !== 'bounced' && recipient.state !== 'failed' && recipient.state !== 'deferred') return null;
  const fault = faultOfClass(recipient.reason);
  if (fault === null) return null;
  const sentence = { theirs: words.laneTheirs, sender: words.laneSender, ours: words.laneOurs, rule: words.laneRule };
  return <p>{sentence[turnOf(fault)]}</p>;
}
