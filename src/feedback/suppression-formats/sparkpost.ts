// This file is SparkPost's form of a suppression list: CSV with recipient, type, source and description; one row per kind of mail.
import { type ListedWhy, listedBounceClass } from '../provider-list.ts';
import { kindOf, oneLine, providerFile } from './provider-file.ts';
import { sparkpostWords } from './sparkpost-words.ts';

const SOURCES: Readonly<Record<string, ListedWhy>> = {
  'spam complaint': 'complaint',
  'list unsubscribe': 'unsubscribe',
  'unsubscribe link': 'unsubscribe',
  'bounce rule': 'bounce',
  'manually added': 'manual',
  compliance: 'provider',
};
const LABELS = { bounce: 'Bounce Rule', complaint: 'Spam Complaint', unsubscribe: 'List Unsubscribe', manual: 'Manually Added' } as const;

export const sparkpostFile = providerFile({
  name: 'sparkpost',
  columns: ['recipient', 'type', 'source', 'description'],
  addressNames: ['recipient', 'email', 'email_address'],
  read(cells, address) {
    const source = cells('source');
    const why = source === '' ? 'manual' : SOURCES[source.toLowerCase()];
    if (why === undefined) return `"${source.slice(0, 50)}" is no source that SparkPost names.`;
    const type = cells('type').toLowerCase();
    // The old form had a column per kind of mail.
    const [transactional, bulk] = [/^true$/i.test(cells('transactional')), /^true$/i.test(cells('non_transactional'))];
    const both = transactional === bulk;
    if (type !== '' && type !== 'transactional' && type !== 'non_transactional') return 'type is "transactional" or "non_transactional".';
    const stream = type === 'transactional' || (!both && transactional) ? 'transactional' : type !== '' || (!both && bulk) ? 'bulk' : null;
    const description = cells('description') || null;
    return {
      address,
      stream,
      why,
      label: source === '' ? 'Manually Added' : source,
      class: why === 'bounce' ? listedBounceClass(sparkpostWords(description), 'invalid-recipient') : null,
      atMs: null,
      expiresAtMs: null,
      diagnostic: description,
      ours: false,
    };
  },
  write(hold) {
    const types =
      hold.stream === null ? ['transactional', 'non_transactional'] : [hold.stream === 'bulk' ? 'non_transactional' : 'transactional'];
    return types.map((type) => [hold.address, type, LABELS[kindOf(hold)], oneLine(hold.evidence) ?? hold.reason]);
  },
});
