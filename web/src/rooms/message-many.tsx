// This file lists the recipients of a message to many, and opens the passage of the chosen one.
import { useRouterState } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Message, Recipient } from '../api/model.ts';
import { useNow } from '../clock.ts';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { StatePill } from '../desk/state-pill.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { pillText } from '../pill.ts';
import { useWords } from '../screen.ts';
import { usePerson } from '../session.ts';
import { messageWords } from '../words/message.words.ts';
import { OneLane } from './message-lane.tsx';

/** Rows drawn at once; the chosen one is always among them. */
const ROWS_MAX = 200;

export function ManyPassages({ message }: { readonly message: Message }) {
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
      <TableFoot shown={shown.length} total={message.recipient_count} />
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
        cell: (row) => (
          <StatePill
            state={row.state}
            calm={row.state === 'delivered'}
            text={pillText(row, Date.parse(message.created_at), format, reader, now)}
          />
        ),
      },
      {
        id: 'tries',
        head: words.tries,
        num: true,
        cell: (row) => format.cell(row.attempts.length),
        fine: (row) => row.attempts.length <= 1,
      },
      {
        id: 'said',
        head: words.said,
        cell: (row) => <span className="wire">{row.attempts.at(-1)?.reply}</span>,
        fine: (row) => row.state === 'delivered',
      },
      { id: 'since', head: words.since, cell: (row) => <Time at={row.state_at} /> },
    ],
    [words, format, now, reader, message.created_at],
  );
}
