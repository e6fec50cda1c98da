import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../clock.ts';
import { Secret, silentLog } from '../log.ts';
import { smtpAdapter } from '../providers/smtp/adapter.ts';
import { type MailboxProviderLimit, makeGates } from './gates.ts';
import { makeLines } from './lines.ts';

const ROUTE = 1;
const OTHER = 2;

test('a gate whose limit was lifted, or whose account was removed, is shut, so that what waits there goes by another', async (t) => {
  const { settings } = smtpAdapter.parseAccount({ settings: { host: '127.0.0.1', port: 9, tls: 'none', connections: 2 }, secret: {} });
  const routeOf = (id: number) => ({
    account: { id: `account-${id}`, name: 'host', provider: 'smtp' as const, settings, secret: new Secret({}) },
    adapter: smtpAdapter,
    pool: null,
    treatment: 'as-is' as const,
  });
  const routes = new Map([ROUTE, OTHER].map((id) => [id, routeOf(id)]));
  let limits: MailboxProviderLimit[] = [{ mailboxProvider: 'google', connections: 1, perMinute: 1 }];
  const places = new Map<number, [places: number, perMinute: number | null]>();
  const gates = makeGates((routeId) => (routeId === ROUTE ? limits : []));
  const lines = makeLines({
    clock: systemClock,
    log: silentLog,
    random: () => 0.5,
    routing: () => ({
      routeIds: () => [...routes.keys()],
      route: (id) => routes.get(id) ?? null,
      isOpen: () => true,
      isWell: () => true,
      signal: () => undefined,
    }),
    gates,
    nodes: () => 1,
    setGate: (gate, count, perMinute) => void places.set(gate, [count, perMinute]),
  });
  t.after(() => lines.close());
  const limited = gates.idOf(ROUTE, 'google');
  lines.sync();
  assert.deepEqual(places.get(limited), [1, 1]);
  const open = places.get(ROUTE);
  assert.ok(open && open[0] > 1);

  limits = [];
  lines.sync();
  assert.deepEqual(places.get(limited), [0, null]);
  assert.deepEqual(places.get(ROUTE), open);

  limits = [{ mailboxProvider: 'google', connections: 2, perMinute: null }];
  routes.delete(OTHER);
  lines.sync();
  assert.deepEqual(places.get(limited), [2, null]);
  assert.deepEqual(places.get(OTHER), [0, null]);
});
