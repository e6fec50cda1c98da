// This file listens in the event log for mail that a provider dropped because the address stands on its own suppression list, and has the entry
// looked up: the organisation then sees a hold with the provider's words, which can be released, in the place of mail that goes nowhere.
import type { ProviderKind } from '../delivery/provider.ts';
import { ON_PROVIDER_LIST } from '../feedback/provider-list.ts';
import { wantLooks } from '../store/list-changes.ts';
import type { EventConsumer } from './consume-events.ts';

/** Makes the consumer; `kinds`: providers whose list can be asked. */
export function makeHeedDrops(kinds: readonly ProviderKind[]): EventConsumer {
  return {
    name: 'heed-drops',
    // `rejected` is what a provider reports, `failed` what it answered to the hand-over itself.
    types: ['rejected', 'failed'],
    start: 'present',
    async consume(client, page) {
      const looks = page.flatMap(({ accountId, address, tenantId, data }) =>
        accountId === null || typeof data[ON_PROVIDER_LIST] !== 'string' ? [] : [{ accountId, address: address.toLowerCase(), tenantId }],
      );
      await wantLooks(client, looks, kinds);
    },
  };
}
