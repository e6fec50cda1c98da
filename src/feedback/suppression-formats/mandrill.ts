// This file is Mandrill's form of its denylist, as its export writes rejects.csv: email, reason, detail and times.
import { type ListedWhy, listedBounceClass } from '../provider-list.ts';
import { kindOf, oneLine, providerFile } from './provider-file.ts';

const REASONS: Readonly<Record<string, ListedWhy>> = {
  'hard-bounce': 'bounce',
  'soft-bounce': 'bounce',
  spam: 'complaint',
  unsub: 'unsubscribe',
  custom: 'manual',
  rule: 'provider',
};
const LABELS = { bounce: 'hard-bounce', complaint: 'spam', unsubscribe: 'unsub', manual: 'custom' } as const;

export const mandrillFile = providerFile({
  name: 'mandrill',
  columns: ['email', 'reason', 'detail', 'created_at', 'expires_at'],
  addressNames: ['email'],
  read(cells, address) {
    const label = cells('reason').toLowerCase();
    const why = label === '' ? 'manual' : REASONS[label];
    if (why === undefined) return `"${label.slice(0, 50)}" is no reason that Mandrill names.`;
    const detail = cells('detail') || null;
    const fallback = label === 'hard-bounce' ? 'invalid-recipient' : 'unclassified';
    return {
      address,
      stream: null,
      why,
      label: label || 'custom',
      class: why === 'bounce' ? listedBounceClass(detail?.replace(/^smtp; */i, '') ?? null, fallback) : null,
      atMs: null,
      // Whatever day the file names: soft bounces pass.
      expiresAtMs: label === 'soft-bounce' ? 0 : null,
      diagnostic: detail,
      ours: false,
    };
  },
  write(hold) {
    const kind = kindOf(hold);
    // One list for all mail: a hold of one stream would stop the other there.
    if (hold.stream !== null && kind !== 'complaint' && kind !== 'unsubscribe') return [];
    const ends = hold.expiresAtMs === null ? null : sqlTime(hold.expiresAtMs);
    return [[hold.address, LABELS[kind], oneLine(hold.evidence), sqlTime(hold.createdAtMs), ends]];
  },
});

function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
