// This file says how the values of settings are written by people, read, and printed again: numbers, names, addresses, durations, retry ladders.
import { isIP } from 'node:net';
import { z } from 'zod';

/** When a deferred recipient is tried again, and until when. */
export interface RetryLadder {
  /** Waits between the tries, milliseconds; the last one repeats. */
  readonly stepsMs: readonly number[];
  /** A recipient that is this old expires, milliseconds. */
  readonly lifetimeMs: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RETRY_STEPS_MAX = 50;

export const text = () => z.string().trim();
export const flag = () =>
  z.string().transform((value, context) => {
    if (/^(true|yes|on|1)$/i.test(value)) return true;
    if (/^(false|no|off|0)$/i.test(value)) return false;
    context.addIssue({ code: 'custom', message: 'write "true" or "false"' });
    return z.NEVER;
  });
export const whole = (low: number, high: number) =>
  z.string().transform((value, context) => {
    const number = Number(value.replaceAll('_', ''));
    if (Number.isInteger(number) && number >= low && number <= high) return number;
    context.addIssue({ code: 'custom', message: `write a whole number from ${low} to ${high}` });
    return z.NEVER;
  });
export const port = () => whole(0, 65_535);
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `write one of: ${values.join(', ')}` });
export const domain = () =>
  text()
    .toLowerCase()
    .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/, {
      error: 'write a domain name, for example mail.example.org',
    });
/** A name that holds records for machines and is no host: "_spf.example.org". */
export const recordName = () =>
  text()
    .toLowerCase()
    .regex(
      /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      {
        error: 'write a name, for example _spf.example.org',
      },
    );
const DOMAINS_MAX = 10;
/** Several names with blanks or commas between. */
export const domains = () =>
  z.string().transform((value, context) => {
    const names = value.split(/[\s,]+/).filter((name) => name !== '');
    const read = names.map((name) => domain().safeParse(name));
    if (names.length <= DOMAINS_MAX && read.every((each) => each.success)) return read.flatMap((each) => (each.success ? [each.data] : []));
    context.addIssue({ code: 'custom', message: `write up to ${DOMAINS_MAX} domain names with blanks between` });
    return z.NEVER;
  });
export const none = <T>(schema: z.ZodType<T, string>): z.ZodType<T | null, string> =>
  z.string().transform((value, context) => {
    if (value === '') return null;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { message } of result.error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Reads "1m 5m 1h; max 24h". */
export function ladder(): z.ZodType<RetryLadder, string> {
  return z.string().transform((value, context) => {
    const [steps = '', limit = ''] = value.split(';');
    const stepsMs = steps.trim().split(/\s+/).map(durationMs);
    const lifetimeMs = durationMs(/^\s*max\s+(\S+)\s*$/.exec(limit)?.[1] ?? '');
    if (stepsMs.length <= RETRY_STEPS_MAX && stepsMs.every((step) => step > 0) && lifetimeMs > 0) return { stepsMs, lifetimeMs };
    context.addIssue({ code: 'custom', message: 'write waits and a lifetime, for example "1m 5m 1h; max 24h" (s, m, h, d)' });
    return z.NEVER;
  });
}

/** Reads "2m 60m": one wait for each stream. */
export function waits(): z.ZodType<{ readonly transactional: number; readonly bulk: number }, string> {
  return z.string().transform((value, context) => {
    const [transactional = 0, bulk = 0, ...more] = value.trim().split(/\s+/).map(durationMs);
    if (transactional > 0 && bulk > 0 && more.length === 0) return { transactional, bulk };
    context.addIssue({ code: 'custom', message: 'write two waits, for example "2m 60m" (s, m, h, d)' });
    return z.NEVER;
  });
}

function durationMs(written: string): number {
  const parts = /^(\d{1,6})([smhd])$/.exec(written);
  return parts ? Number(parts[1]) * (UNIT_MS[parts[2] ?? ''] ?? 0) : 0;
}

function writeDuration(ms: number): string {
  const unit = ['d', 'h', 'm'].find((name) => ms % (UNIT_MS[name] ?? 1) === 0 && ms > 0 && (name !== 'd' || ms > 3 * 86_400_000)) ?? 's';
  return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}

/** Reads "192.0.2.25, 2001:db8::25". */
export function addresses(): z.ZodType<readonly string[], string> {
  return z.string().transform((value, context) => {
    const written = value.split(/[\s,]+/).filter((each) => each !== '');
    const wrong = written.find((each) => isIP(each) === 0);
    if (wrong === undefined) return written;
    context.addIssue({ code: 'custom', message: `write IP addresses such as 192.0.2.25; "${wrong}" is none` });
    return z.NEVER;
  });
}

/** Reads "127.0.0.1, 10.0.0.0/8, 2001:db8::/64"; an address alone stands for itself. */
export function networks(): z.ZodType<readonly string[], string> {
  return z.string().transform((value, context) => {
    const written = value.split(/[\s,]+/).filter((each) => each !== '');
    const wrong = written.find((each) => !isNetwork(each));
    if (wrong === undefined) return written;
    context.addIssue({ code: 'custom', message: `write addresses or networks such as 10.0.0.0/8; "${wrong}" is none` });
    return z.NEVER;
  });
}

function isNetwork(written: string): boolean {
  const [address = '', bits, ...more] = written.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** Reads "192.0.2.53, [2001:db8::53]:5353"; kept as written, src/watch/dns/resolver.ts takes it apart. */
export function dnsServers(): z.ZodType<readonly string[], string> {
  return z.string().transform((value, context) => {
    const servers = value.split(/[\s,]+/).filter((each) => each !== '');
    const wrong = servers.find((each) => !/^(?:[0-9.]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$|^[0-9a-f:.]+$/i.test(each));
    if (wrong === undefined) return servers;
    context.addIssue({ code: 'custom', message: `write IP addresses such as 192.0.2.53 or [2001:db8::53]:5353; "${wrong}" is none` });
    return z.NEVER;
  });
}

export function writeValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object' && 'stepsMs' in value && 'lifetimeMs' in value) {
    // Both come from ladder() above.
    const { stepsMs, lifetimeMs } = value as RetryLadder;
    return `${stepsMs.map(writeDuration).join(' ')}; max ${writeDuration(lifetimeMs)}`;
  }
  if (typeof value === 'object' && 'transactional' in value && 'bulk' in value) {
    // Both come from waits() above.
    const { transactional, bulk } = value as { transactional: number; bulk: number };
    return `${writeDuration(transactional)} ${writeDuration(bulk)}`;
  }
  return String(value);
}
