// This file lists mails that came back: what each is, what was read in it, and what followed.
import { useMemo } from 'react';
import type { Page } from '../api/model.ts';
import type { InboundMail, Mailbox } from '../api/schema.gen.ts';
import { useClassNames } from '../class-words.ts';
import type { Column } from '../desk/column.ts';
import { DataTable } from '../desk/data-table.tsx';
import { Empty } from '../desk/empty.tsx';
import { Glyph } from '../desk/glyphs.tsx';
import { Pages } from '../desk/pages.tsx';
import { TableFoot } from '../desk/table-foot.tsx';
import { Time } from '../desk/time.tsx';
import { type InboundFilters, paths } from '../paths.ts';
import { useWords } from '../screen.ts';
import { inboundWords, kindNames, outcomeNames } from '../words/inbound.words.ts';

interface InboundTableProps {
  readonly page: Page<InboundMail>;
  readonly filters: InboundFilters;
  readonly mailboxes: readonly Mailbox[];
}

export function InboundTable({ page, filters, mailboxes }: InboundTableProps) {
  const words = useWords(inboundWords);
  const columns = useColumns(filters, mailboxes);
  if (page.data.length === 0) {
    const filtered = Object.keys(filters).length > 0;
    return (
      <div className="bar">
        <Empty title={filtered ? words.emptyMatch : words.nothing}>{filtered ? words.emptyMatchHow : words.emptyHow}</Empty>
      </div>
    );
  }
  const { after: _, ...base } = filters;
  return (
    <div className="bar" id="list">
      <div className="sheet">
        <DataTable
          caption={words.caption}
          rows={page.data}
          columns={columns}
          rowId={(mail) => mail.id}
          rowHref={(mail) => paths.inboundMail(mail.id)}
          bad={(mail) => mail.outcome === 'unreadable'}
        />
      </div>
      <TableFoot
        shown={page.data.length}
        more={page.next !== null || filters.after !== undefined}
        pages={
          <Pages
            first={filters.after === undefined ? null : paths.inbound(base)}
            next={page.next === null ? null : paths.inbound({ ...base, after: page.next })}
            newestFirst
          />
        }
      />
    </div>
  );
}

function useColumns(filters: InboundFilters, mailboxes: readonly Mailbox[]): Column<InboundMail>[] {
  const words = useWords(inboundWords);
  const kinds: Readonly<Record<string, string>> = useWords(kindNames);
  const outcomes: Readonly<Record<string, string>> = useWords(outcomeNames);
  const className = useClassNames();
  return useMemo(() => {
    const names = new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox.name]));
    const { after: _, ...base } = filters;
    return [
      {
        id: 'subject',
        head: words.subject,
        cell: (mail) => (
          <span className="wide">
            {mail.subject === '' ? words.noSubject : mail.subject}
            <br />
            <span className="small faint any">{mail.from === '' ? mail.mail_from : mail.from}</span>
          </span>
        ),
      },
      {
        id: 'kind',
        head: words.kind,
        cell: (mail) => (mail.kind === null ? '' : (kinds[mail.kind] ?? mail.kind)),
        filter: (mail) => (mail.kind === null ? null : paths.inbound({ ...base, kind: mail.kind })),
      },
      { id: 'read', head: words.read, cell: (mail) => (mail.class === null ? '' : <span className="mute">{className(mail.class)}</span>) },
      {
        id: 'outcome',
        head: words.outcome,
        cell: (mail) =>
          mail.outcome === 'unreadable' ? (
            <span className="st held">
              <Glyph name="held" /> {outcomes[mail.outcome]}
            </span>
          ) : (
            <span className="mute">{outcomes[mail.outcome] ?? mail.outcome}</span>
          ),
        filter: (mail) => paths.inbound({ ...base, outcome: mail.outcome }),
      },
      {
        id: 'source',
        head: words.source,
        cell: (mail) => (
          <span className="mute">{mail.mailbox_id === null ? words.byDoor : (names.get(mail.mailbox_id) ?? words.byMailbox)}</span>
        ),
        filter: (mail) => (mail.mailbox_id === null ? null : paths.inbound({ ...base, mailbox: mail.mailbox_id })),
        fine: (mail) => mail.mailbox_id === null,
      },
      { id: 'came', head: words.came, cell: (mail) => <Time at={mail.received_at} /> },
    ];
  }, [words, kinds, outcomes, className, filters, mailboxes]);
}
