// This file turns what providers ask to publish into lines of a domain's table. The domain itself does not break for them: a provider that misses its
// records is one way less.
import type { ExpectedRecord } from './expected-records.ts';

export interface AskedByProvider {
  /** Of the entry that says where the domain stands at one account. */
  readonly id: string;
  readonly records: readonly {
    readonly type: 'TXT' | 'CNAME';
    readonly host: string;
    readonly value: string;
    readonly needed: 'required' | 'recommended';
  }[];
}

/** One line for each record, however many accounts ask for it. */
export function providerRecords(asked: readonly AskedByProvider[]): ExpectedRecord[] {
  const lines = new Map<string, ExpectedRecord>();
  for (const { id, records } of asked) {
    for (const { type, host, value, needed } of records) {
      const key = `${type} ${host} ${value}`;
      const line = { id: `provider:${id}:${type}:${host}`, purpose: 'provider', type, host, value } as const;
      if (!lines.has(key)) lines.set(key, { ...line, needed: needed === 'required' ? 'recommended' : 'optional' });
    }
  }
  return [...lines.values()];
}
