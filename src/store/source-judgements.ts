// This file stores what people said about the sources of a domain: whose they are, who said it and when.
import type { Verdict } from '../mail/domain-analysis/judgement.ts';
import type { SourceKind } from '../mail/domain-analysis/source.ts';
import type { DomainKey } from './dmarc-counts.ts';
import type { Queryable } from './scope.ts';

export interface StoredJudgement {
  /** Id of the source. */
  readonly source: string;
  readonly kind: SourceKind;
  readonly name: string;
  readonly verdict: Verdict;
  readonly note: string;
  /** `person:…` or `credential:…`. */
  readonly said_by: string;
  /** ISO 8601. */
  readonly said_at: string;
}

/** A club knows a handful of its devices; an organisation that names more than this names waves of abuse, which need no name. */
export const JUDGEMENTS_MAX = 200;
const COLUMNS = 'source, kind, name, verdict, note, said_by, said_at';

type Row = Omit<StoredJudgement, 'said_at'> & { readonly said_at: Date };

/** By name. */
export async function listJudgements(db: Queryable, { tenantId, domainId }: DomainKey): Promise<StoredJudgement[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from dmarc_source_judgements where tenant_id = $1 and domain_id = $2 order by name, kind limit ${JUDGEMENTS_MAX}`,
    [tenantId, domainId],
  );
  return rows.map(plain);
}

/** Says it, or says something else instead. Null: so many sources of the domain were judged already that none can be added. */
export async function writeJudgement(
  db: Queryable,
  { tenantId, domainId }: DomainKey,
  judgement: Omit<StoredJudgement, 'said_at'>,
): Promise<StoredJudgement | null> {
  const { source, kind, name, verdict, note, said_by } = judgement;
  const { rows } = await db.query<Row>(
    `insert into dmarc_source_judgements (tenant_id, domain_id, source, kind, name, verdict, note, said_by)
     select $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text
     where (select count(*) from dmarc_source_judgements where tenant_id = $1::uuid and domain_id = $2::uuid and source <> $3::text) < ${JUDGEMENTS_MAX}
     on conflict (tenant_id, domain_id, source)
       do update set verdict = excluded.verdict, note = excluded.note, said_by = excluded.said_by, said_at = now()
     returning ${COLUMNS}`,
    [tenantId, domainId, source, kind, name, verdict, note, said_by],
  );
  return rows[0] === undefined ? null : plain(rows[0]);
}

/** Takes back what was said; null: nothing was. */
export async function deleteJudgement(db: Queryable, { tenantId, domainId }: DomainKey, source: string): Promise<StoredJudgement | null> {
  const { rows } = await db.query<Row>(
    `delete from dmarc_source_judgements where tenant_id = $1 and domain_id = $2 and source = $3 returning ${COLUMNS}`,
    [tenantId, domainId, source],
  );
  return rows[0] === undefined ? null : plain(rows[0]);
}

function plain(row: Row): StoredJudgement {
  return { ...row, said_at: row.said_at.toISOString() };
}
