// This file names the gates of the dispatcher: one per route, and one of its own for every mailbox provider that an operator limited on it, so
// that a slow receiver holds up its own mail only.

/** What may go by one route to one mailbox provider. */
export interface MailboxProviderLimit {
  readonly mailboxProvider: string;
  readonly connections: number | null;
  readonly perMinute: number | null;
}

export interface Gates {
  /** The gate of a route to a mailbox provider. */
  idOf(routeId: number, mailboxProvider: string): number;
  /** The route a gate belongs to. */
  routeOf(gate: number): number;
  /** Gates of a route with their limits; the route's own gate comes first, without one. */
  of(routeId: number): readonly { readonly gate: number; readonly limit: MailboxProviderLimit | null }[];
}

/** Route ids come from a sequence; limited gates count from here. */
const LIMITED_FROM = 1_000_000_000;

/** Makes the names; `limits` answers which limits of a route are in force now. */
export function makeGates(limits: (routeId: number) => readonly MailboxProviderLimit[]): Gates {
  const numbers = new Map<string, number>();
  const routes = new Map<number, number>();

  function limitedGate(routeId: number, mailboxProvider: string): number {
    const key = `${routeId} ${mailboxProvider}`;
    let gate = numbers.get(key);
    if (gate === undefined) {
      gate = LIMITED_FROM + numbers.size;
      numbers.set(key, gate);
      routes.set(gate, routeId);
    }
    return gate;
  }

  return {
    idOf(routeId, mailboxProvider) {
      return limits(routeId).some((limit) => limit.mailboxProvider === mailboxProvider) ? limitedGate(routeId, mailboxProvider) : routeId;
    },
    routeOf: (gate) => routes.get(gate) ?? gate,
    of: (routeId) => [
      { gate: routeId, limit: null },
      ...limits(routeId).map((limit) => ({ gate: limitedGate(routeId, limit.mailboxProvider), limit })),
    ],
  };
}
