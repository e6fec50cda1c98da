// This file answers what the mock knows of checks of ourselves. Cookie "outside=never": nobody has looked yet; "outside=well": all is in order;
// "outside=fails": 503.
import type { SecretKeys, SelfChecks } from '../src/api/schema.gen.ts';
import { type MockRequest, ok, problem, type Route, route } from './answers.ts';

const DAY_MS = 86_400_000;

type Say = (english: string, german: string) => string;

export function checkRoutes(now: () => number): Route[] {
  let asked = false;
  let lookedAt = now() - 5 * 3_600_000;
  const answer = ({ cookie, url }: MockRequest) => {
    if (/outside=fails/.test(cookie)) return problem(503, 'STORE_UNAVAILABLE', 'The database does not answer.');
    if (/outside=never/.test(cookie)) return ok({ checked_at: null, data: [] } satisfies SelfChecks);
    const german = url.searchParams.get('lang') === 'de';
    const all = checksOf(now(), (english, deutsch) => (german ? deutsch : english));
    const shown = /outside=well/.test(cookie) ? all.filter(({ state }) => state === 'ok') : all;
    return ok({ checked_at: new Date(lookedAt).toISOString(), data: shown } satisfies SelfChecks);
  };
  return [
    route('GET /v1/self-checks', answer),
    route('POST /v1/self-checks', (request) => {
      lookedAt = now();
      return answer(request);
    }),
    route('GET /v1/secret-keys', () => ok(keysOf(now(), asked))),
    route('POST /v1/secret-keys/rotate', () => {
      asked = true;
      return ok(keysOf(now(), asked));
    }),
  ];
}

function keysOf(nowMs: number, replacing: boolean): SecretKeys {
  const since = (days: number) => new Date(nowMs - days * DAY_MS).toISOString();
  const keys = [
    { id: '5b1e0c9a7f3d2e48', state: 'retired' as const, since: since(12), secrets: 0 },
    { id: 'c04d8e61b97a3f25', state: 'writing' as const, since: since(12), secrets: 824 },
  ];
  const waits = [{ process: 'mail2:/var/lib/packetboat', pid: 4711, lacks: 'key' as const }];
  return {
    keys: replacing ? [...keys, { id: '91aa3c5de8f70b46', state: 'coming', since: since(0), secrets: 0 }] : keys,
    replacement: replacing ? { step: 'waiting', left: 824, total: 824, waits_for: waits } : null,
    still_in_files: [],
    unreadable: null,
  };
}

function checksOf(nowMs: number, say: Say): SelfChecks['data'] {
  const since = (days: number) => new Date(nowMs - days * DAY_MS).toISOString();
  return [
    {
      code: 'ptr-generic',
      state: 'warning',
      subject: '203.0.113.26',
      says: say(
        '203.0.113.26 has the generic name static-203-0-113-26.customers.hosting.example, as home connections have; receivers trust it less.',
        '203.0.113.26 hat den Sammelnamen static-203-0-113-26.customers.hosting.example, wie ihn Heimanschlüsse haben; Empfänger trauen ihm weniger.',
      ),
      next: say(
        'Have your hosting company set its reverse DNS to mx2.harbour.example.',
        'Lassen Sie das Reverse-DNS beim Hoster auf mx2.harbour.example setzen.',
      ),
      since: since(3),
    },
    {
      code: 'return-path-spf-missing',
      state: 'problem',
      subject: 'return.harbour.example',
      says: say(
        'return.harbour.example has no SPF record, so nothing that we hand over passes SPF.',
        'return.harbour.example hat keinen SPF-Eintrag; nichts, was wir übergeben, besteht SPF.',
      ),
      next: say(
        'Publish: return.harbour.example TXT "v=spf1 ip4:203.0.113.25 ip4:203.0.113.26 -all"',
        'Veröffentlichen Sie: return.harbour.example TXT "v=spf1 ip4:203.0.113.25 ip4:203.0.113.26 -all"',
      ),
      since: since(0.2),
    },
    {
      code: 'no-answer',
      state: 'unknown',
      subject: 'reports.harbour.example',
      says: say(
        'DNS did not answer about reports.harbour.example: time ran out.',
        'DNS hat zu reports.harbour.example nicht geantwortet: Zeit abgelaufen.',
      ),
      next: say(
        'Nothing to do yet; it is asked again. If it lasts, check PACKETBOAT_DNS_SERVERS.',
        'Noch nichts zu tun; es wird wieder gefragt. Hält es an, prüfen Sie PACKETBOAT_DNS_SERVERS.',
      ),
      since: since(0.2),
    },
    {
      code: 'certificate-none',
      state: 'note',
      subject: 'SMTP',
      says: say(
        'The doors for SMTP use a certificate that the desk made itself.',
        'Die SMTP-Türen benutzen ein selbst gemachtes Zertifikat.',
      ),
      next: say(
        'Set PACKETBOAT_TLS_CERT and PACKETBOAT_TLS_KEY before applications on other machines connect.',
        'Setzen Sie PACKETBOAT_TLS_CERT und PACKETBOAT_TLS_KEY, bevor sich Anwendungen anderer Rechner verbinden.',
      ),
      since: since(40),
    },
    {
      code: 'ptr-ok',
      state: 'ok',
      subject: '203.0.113.25',
      says: say(
        '203.0.113.25 is named mx1.harbour.example, and that name leads back to it.',
        '203.0.113.25 heißt mx1.harbour.example, und dieser Name führt dorthin zurück.',
      ),
      next: null,
      since: since(40),
    },
    {
      code: 'clock-ok',
      state: 'ok',
      subject: 'clock',
      says: say('The clock agrees with the database.', 'Die Uhr stimmt mit der Datenbank überein.'),
      next: null,
      since: since(12),
    },
  ];
}
