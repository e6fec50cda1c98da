// This file is the desk as a system of the relay benchmark: the product with one tenant that may hand in from this machine, whose mail goes to
// the sink. From an address of the tenant's authenticated domain it is signed, from a verified sender's it is not.
import { join } from 'node:path';
import { idFloor } from '../../src/ids.ts';
import { type DeskProcess, type DeskStart, startDesk } from '../kit/desk.ts';
import type { Sink } from '../kit/load-shapes.ts';
import { addSmarthost, type BenchTenant, makeSmtpLogin, makeTenant, trustLoopback } from '../kit/tenancy.ts';
import type { Workshop } from '../kit/workshop.ts';
import type { RelaySystem } from './system.ts';

export interface DeskSystem {
  readonly desk: () => DeskProcess;
  readonly tenant: BenchTenant;
  readonly plain: RelaySystem;
  readonly signed: RelaySystem;
  readonly secured: RelaySystem & { readonly login: { readonly username: string; readonly password: string } };
  /** Ends the desk and starts it again on the same data. */
  restart(): Promise<void>;
}

export interface DeskSystemOptions extends DeskStart {
  readonly sink: () => Sink;
  readonly name: string;
  /** Domain whose mail is signed. */
  readonly domain: string;
}

export async function startDeskSystem(shop: Workshop, options: DeskSystemOptions): Promise<DeskSystem> {
  const start = { ...options, dataDir: options.dataDir ?? join(shop.folder, options.name.replaceAll(/\W/g, '-')) };
  let desk = await startDesk(shop, start);
  const { api } = desk;
  const tenant = await makeTenant(api, 'bench', { signed: false });
  await api.post(`/v1/tenants/${tenant.id}/domains`, { name: options.domain, authenticated: true });
  await trustLoopback(api, tenant.id);
  const login = await makeSmtpLogin(api, tenant.id);
  await addSmarthost(api, { name: 'sink', port: options.sink().port });

  const system = (from: string): RelaySystem => ({
    name: options.name,
    get port() {
      return desk.bootstrap.smtp_port;
    },
    from,
    sink: options.sink,
    roots: () => [desk.pid],
    mark: async () => Date.now(),
    // An attempt is written in the statement that ends a hand-over: with it the outcome is on disk.
    async settled(mark, messages) {
      const { rows } = await desk.db.query<{ n: number }>(
        "select count(*)::int as n from attempts where id >= $1 and outcome = 'handed_over'",
        [idFloor(mark)],
      );
      return (rows[0]?.n ?? 0) >= messages;
    },
  });
  return {
    desk: () => desk,
    tenant,
    plain: system(tenant.from),
    signed: system(`office@${options.domain}`),
    secured: Object.assign(system(tenant.from), { login }),
    async restart() {
      await desk.stop();
      desk = await startDesk(shop, start);
    },
  };
}
