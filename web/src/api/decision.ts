// This file reads a stored route decision. It is kept as the router wrote it on that day, so older ones are read as they are; the desk says it in the reader's language where it can.
import type { Decision, Judgement } from './model.ts';

const GATES = new Set(['may', 'well', 'room', 'preferred']);

/** The decision, or null when there is none or it cannot be read. Accepts camel and snake case. */
export function decisionOf(stored: unknown): Decision | null {
  if (!isRecord(stored)) return null;
  const body = isRecord(stored['body']) ? stored['body'] : stored;
  const list = body['judgements'];
  if (!Array.isArray(list)) return null;
  const facts = isRecord(body['facts']) ? body['facts'] : {};
  return {
    judgements: list.filter(isRecord).map(judgementOf),
    better: text(body['betterSays'] ?? body['better']),
    better_code: text(body['betterCode']),
    held_because: text(body['heldSays'] ?? body['held_because'] ?? body['heldBecause']),
    held_code: text(body['heldCode']),
    facts: { domain: text(facts['domain']), account: text(facts['account']) },
    waits: body['waits'] === true,
  };
}

function judgementOf(row: Record<string, unknown>): Judgement {
  const facts = isRecord(row['facts']) ? row['facts'] : {};
  const gate = text(row['stopped_at'] ?? row['stoppedAt']);
  return {
    account: text(row['account']) ?? '',
    provider: text(row['provider']) ?? '',
    pool: text(row['pool']) ?? '',
    chosen: row['chosen'] === true,
    // Checked against the closed list.
    stopped_at: gate !== null && GATES.has(gate) ? (gate as Judgement['stopped_at']) : null,
    rewritten: row['treatment'] === 'rewritten',
    because: text(row['says'] ?? row['because']) ?? '',
    code: text(row['code']),
    facts: {
      domain: text(facts['domain']),
      bytes: count(facts['bytes']),
      bytesMax: count(facts['bytesMax']),
      first: text(facts['first']),
      address: text(facts['address']),
      signed_with: text(facts['signedWith']),
    },
  };
}

function count(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
