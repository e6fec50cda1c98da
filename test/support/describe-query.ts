// This file asks PostgreSQL what it makes of a statement without running it: parse and describe of the extended protocol, which look up
// every table, column, function and parameter type.
import type pg from 'pg';

/** The part of the driver's connection that a statement of our own speaks to. */
interface Wire {
  parse(query: { name: string; text: string; types: number[] }): void;
  describe(what: { type: 'S'; name: string }): void;
  sync(): void;
}

/** Null when PostgreSQL understands `text`, else its words. */
export function describeQuery(client: pg.PoolClient, text: string): Promise<string | null> {
  return new Promise((resolve) => {
    let complaint: string | null = null;
    const nothing = () => undefined;
    const statement = {
      submit(wire: Wire) {
        wire.parse({ name: '', text, types: [] });
        wire.describe({ type: 'S', name: '' });
        wire.sync();
      },
      handleError(error: Error) {
        complaint = error.message;
        // The driver forgets a statement that failed; what follows on the connection waits its turn anyway.
        resolve(complaint);
      },
      handleReadyForQuery: () => resolve(complaint),
      handleRowDescription: nothing,
      handleParameterDescription: nothing,
      handleNoData: nothing,
    };
    // The driver's types name a whole connection class; the three methods above are all that is used of it.
    client.query(statement as unknown as pg.Submittable);
  });
}
