// This file reads a stored route decision. It is kept as the router wrote it on that day, so older ones are read as they are.
import type { Decision, Judgement } from './model.ts';

const GATES = new Set(['may', 'well', 'room', 'preferred']);

/** The decision, or null when there is none or it cannot be read. Accepts camel and snake case. */
export function decisionOf(stored: unknown): Decision | null {
  if (!isRecord(stored)) return null;
  const body = isRecord(stored['body']) ? stored['body'] : stored;
  const list = body['judgements'];
  if (!Array.isArray(list)) return null;
  return {
    judgements: list.filter(isRecord).map(judgementOf),
    better: text(body['better']),
    held_because: text(body['held_because'] ?? body['heldBecause']),
    waits: body['waits'] === true,
  };
}

function judgementOf(row: Record<string, unknown>): Judgement {
  const gate = text(row['stopped_at'] ?? row['stoppedAt']);
  return {
    account: text(row['account']) ?? '',
    provider: text(row['provider']) ?? '',
    pool: text(row['pool']) ?? '',
    chosen: row['chosen'] === true,
    // Checked against the closed list.
    stopped_at: gate !== null && GATES.has(gate) ? (gate as Judgement['stopped_at']) : null,
    because: text(row['because']) ?? '',
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
