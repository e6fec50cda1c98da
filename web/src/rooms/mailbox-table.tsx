// This file lists bounce mailboxes with how each is read.
import { useMemo } from 'react';
import type { Page } from '../api/model.ts';
import type { Mailbox } from '../api/schema.gen.ts';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time, useFormat } from '../desk/time.tsx';
import { paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { mailboxWords } from '../words/mailboxes.words.ts';

export function MailboxTable({ page }: { readonly page: Page<Mailbox> }) {
  const words = useWords(mailboxWords);
  const columns = useColumns();
  return (
    <>
      <div className="sheet">
        <DataTable
          caption={words.caption}
          rows={page.data}
          columns={columns}
          rowId={(mailbox) => mailbox.id}
          rowHref={(mailbox) => paths.mailbox(mailbox.id)}
          bad={(mailbox) => mailbox.status === 'failing'}
        />
      </div>
      <TableFoot shown={page.data.length} more={page.next !== null} />
    </>
  );
}

function useColumns(): Column<Mailbox>[] {
  const words = useWords(mailboxWords);
  const format = useFormat();
  return useMemo(
    () => [
      { id: 'name', head: words.name, cell: (mailbox) => mailbox.name },
      {
        id: 'status',
        head: words.status,
        cell: (mailbox) =>
          mailbox.status === 'failing' ? (
            <span className="st deferred">
              <Glyph name="deferred" /> {words.failing}
            </span>
          ) : (
            <span className="mute">{words[mailbox.status]}</span>
          ),
      },
      { id: 'server', head: words.server, cell: (mailbox) => <span className="wire">{String(mailbox.settings['host'] ?? '')}</span> },
      { id: 'mails', head: words.mailsRead, cell: (mailbox) => format.cell(mailbox.mails_read), num: true },
      {
        id: 'last',
        head: words.lastRead,
        cell: (mailbox) =>
          mailbox.last_read_at === null ? <span className="mute">{words.never}</span> : <Time at={mailbox.last_read_at} />,
      },
    ],
    [words, format],
  );
}
