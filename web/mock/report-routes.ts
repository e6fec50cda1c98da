// This file answers what the console asks about reports on domains. Sentinels: report state "conflict" → 503 · domain 2 has no reports, domain 3
// has something before its next step · a file that is handed in is stored.
import { change, type MockAnswer, type MockRequest, ok, one, problem, type Route, route } from './answers.ts';
import { DAY, iso } from './clockwork.ts';
import { dmarcOf, type MockJudgement, makeReports, tlsOf } from './reports-world.ts';
import { sessionOf } from './session.ts';

const PAGE = 50;
const DAYS = 30;

export function reportRoutes(now: () => number): Route[] {
  const reports = makeReports(now());
  const said = new Map<string, MockJudgement>();
  const days = (url: URL) => {
    const from = url.searchParams.get('from');
    return from === null ? DAYS : Math.round((Math.floor(now() / DAY) * DAY - Date.parse(from)) / DAY) + 1;
  };
  return [
    route('GET /v1/domain-reports', (request) => listReports(reports, request)),
    route('POST /v1/domain-reports', () =>
      ok({
        data: [{ id: reports[0]?.id, kind: 'aggregate', domain: 'rowing-club.example', state: 'counted', why: null, outcome: 'stored' }],
        refused: [],
      }),
    ),
    route('GET /v1/domain-reports/{id}', (_, [id]) => one(reports, id)),
    route('POST /v1/domain-reports/{id}/accept', (_, [id]) => change(reports, id, { state: 'counted' })),
    route('(?:GET|PUT) /v1/tenants/{id}/report-digest', ({ body }, [tenant]) =>
      ok({ tenant_id: tenant, enabled: body['enabled'] ?? true }),
    ),
    route('GET /v1/domains/{id}/dmarc', ({ url }, [id]) => ok(dmarcOf(id ?? '', now(), days(url), said))),
    route('PUT /v1/domains/{id}/dmarc/sources/{id}', ({ body }, [, source = '']) => {
      const verdict = body['verdict'] === 'ours' ? 'ours' : 'not-ours';
      said.set(source, { verdict, note: String(body['note'] ?? ''), said_by: 'person:mara', said_at: iso(now()), holds: true });
      return ok({ source, verdict });
    }),
    route('DELETE /v1/domains/{id}/dmarc/sources/{id}', (_, [, source = '']) => {
      said.delete(source);
      return { status: 204 };
    }),
    route('GET /v1/domains/{id}/tls', ({ url }, [id]) => ok(tlsOf(id ?? '', dmarcOf(id ?? '', now(), days(url))))),
  ];
}

function listReports(reports: ReturnType<typeof makeReports>, { url, cookie }: MockRequest): MockAnswer {
  const wants = (name: string) => url.searchParams.get(name);
  if (wants('state') === 'conflict') return problem(503, 'STORE_UNAVAILABLE', 'The database does not answer.');
  const tenant = sessionOf(cookie)?.tenant_id ?? wants('tenant_id');
  const rows = reports.filter(
    (row) =>
      (tenant === null || row.tenant_id === tenant) &&
      (['state', 'kind', 'domain'] as const).every((name) => wants(name) === null || row[name] === wants(name)),
  );
  const after = wants('after');
  const start = after === null ? 0 : rows.findIndex((row) => row.id === after) + 1;
  const data = rows.slice(start, start + PAGE);
  return ok({ data, next: rows.length > start + PAGE ? (data.at(-1)?.id ?? null) : null });
}
