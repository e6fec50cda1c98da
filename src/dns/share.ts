// This file gives every source of DNS questions its share of answers, so that nobody can let this server shout at a third party: UDP sources are easily
// forged. Past its share a source hears nothing, or now and then "ask by TCP", where a forged address ends.

export interface ShareLimits {
  /** Answers a second for one network, on average. */
  readonly perSecond: number;
  /** Answers at once after a quiet time. */
  readonly burst: number;
  /** Of the questions past the share, each so-manieth is answered "ask by TCP". */
  readonly slip: number;
  /** Networks remembered; the one that was quiet for longest goes. */
  readonly sources: number;
}

/** A large resolver asks a few times a second, for its cache keeps the rest; a hundred is far from both it and a useful flood. */
const LIMITS: ShareLimits = { perSecond: 100, burst: 300, slip: 3, sources: 50_000 };

export type Share = 'answer' | 'truncate' | 'drop';

interface Bucket {
  tokens: number;
  atMs: number;
  past: number;
}

/** Makes the meter. `nowMs` is monotonic milliseconds. */
export function makeShares(limits: Partial<ShareLimits> = {}): (address: string, nowMs: number) => Share {
  const { perSecond, burst, slip, sources } = { ...LIMITS, ...limits };
  // In the order of their last question: the first one was quiet for longest.
  const buckets = new Map<string, Bucket>();
  return (address, nowMs) => {
    const key = networkOf(address);
    const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs, past: 0 };
    buckets.delete(key);
    if (buckets.size >= sources) buckets.delete(buckets.keys().next().value ?? '');
    buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = nowMs;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      bucket.past = 0;
      return 'answer';
    }
    bucket.past += 1;
    return bucket.past % slip === 0 ? 'truncate' : 'drop';
  };
}

/** The network a source is counted under: /24 of IPv4, /56 of IPv6, as one party easily has as many addresses as that. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (plain.includes('.')) return plain.slice(0, plain.lastIndexOf('.'));
  const [head = '', tail = ''] = plain.split('%')[0]?.split('::') ?? [];
  const front = head.split(':').filter((part) => part !== '');
  const back = tail.split(':').filter((part) => part !== '');
  const zeros = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0') : [];
  const groups = [...front, ...zeros, ...back].slice(0, 4).map((part) => part.padStart(4, '0').toLowerCase());
  return groups.join('').slice(0, 14);
}
