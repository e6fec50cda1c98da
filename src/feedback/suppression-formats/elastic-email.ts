// This file is Elastic Email's form of its suppressions: CSV with the columns of its API and the status a contact has there. A file without a
// status is read by its words, and a bare list of addresses is one that somebody typed in.
import { type ListedWhy, listedBounceClass } from '../provider-list.ts';
import { kindOf, oneLine, providerFile } from './provider-file.ts';

const STATUSES: Readonly<Record<string, ListedWhy>> = {
  bounce: 'bounce',
  bounced: 'bounce',
  invalid: 'bounce',
  complaint: 'complaint',
  abuse: 'complaint',
  unsubscribe: 'unsubscribe',
  unsubscribed: 'unsubscribe',
};
const LABELS = { bounce: 'Bounced', complaint: 'Abuse', unsubscribe: 'Unsubscribed', manual: 'Unsubscribed' } as const;

/** Elastic Email has no word for a hold by hand; these words, in a file that went out from here, keep it from coming back as a wish of the person. */
const BY_HAND = 'put on hold by hand';

export const elasticEmailFile = providerFile({
  name: 'elastic-email',
  columns: ['Email', 'Status', 'FriendlyErrorMessage', 'ErrorCode', 'DateUpdated'],
  addressNames: ['email', 'e-mail', 'email address'],
  read(cells, address) {
    const [status, words, code] = [cells('status'), cells('friendlyerrormessage'), cells('errorcode')];
    const diagnostic = (code === '' || code === '0' || words.startsWith(code) ? words : `${code} ${words}`.trim()) || null;
    const named = status === '' ? (diagnostic === null ? 'manual' : 'bounce') : STATUSES[status.toLowerCase()];
    const why = named === 'unsubscribe' && words.startsWith(BY_HAND) ? 'manual' : named;
    if (why === undefined) return `"${status.slice(0, 50)}" is no status that stops mail at Elastic Email.`;
    const bare = why === 'bounce' && diagnostic === null;
    return {
      address,
      stream: null,
      why: bare ? 'manual' : why,
      label: status || 'listed',
      class: why === 'bounce' && !bare ? listedBounceClass(diagnostic, 'unclassified') : null,
      atMs: null,
      expiresAtMs: null,
      diagnostic,
      ours: false,
    };
  },
  // Elastic Email cannot tell kinds of mail apart: a hold of one stream would stop the other there, so only complaints and unsubscriptions go.
  write: (hold) =>
    hold.stream !== null && kindOf(hold) !== 'complaint' && kindOf(hold) !== 'unsubscribe'
      ? []
      : [
          [
            hold.address,
            LABELS[kindOf(hold)],
            kindOf(hold) === 'manual'
              ? [BY_HAND, oneLine(hold.evidence) ?? ''].filter((part) => part !== '').join(': ')
              : oneLine(hold.evidence),
            codeOf(hold.evidence),
            new Date(hold.createdAtMs).toISOString().slice(0, 19),
          ],
        ],
});

function codeOf(words: string | null): string | null {
  return /\b([45]\d\d)\b/.exec(words ?? '')?.[1] ?? null;
}
