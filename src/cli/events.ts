// This file is `packetboat events`: what happened to recipients, once or as it happens.
import { setTimeout as pause } from 'node:timers/promises';
import type { Row } from './table.ts';
import { apiCommand, LIST_OPTIONS, type VerbContext } from './verbs.ts';

/** Events are for programs that poll; a person notices no difference below this. */
const POLL_MS = 1_000;
const PAGE = '200';

export const eventsCommand = apiCommand({
  name: 'events',
  summary: 'Read what happened to recipients, or follow it.',
  preset: 'list',
  verbs: {
    list: {
      form: '[--type TYPE,…] [--after CURSOR] [--limit N]',
      about: 'List events, oldest first, after a cursor.',
      words: 0,
      options: { ...LIST_OPTIONS, type: { type: 'string' } },
      run: ({ list, option }) =>
        list('/v1/events', {
          query: { type: option('type'), after: option('after') },
          columns: [
            { title: 'at', show: 'at' },
            { title: 'type', show: 'type' },
            { title: 'address', show: 'address' },
            { title: 'message', show: 'message_id' },
            { title: 'class', show: 'data.class' },
          ],
          nothing: 'Nothing happened yet.',
        }),
    },
    follow: {
      form: '[--type TYPE,…] [--after CURSOR]',
      about: 'Print events as they happen, one a line, until interrupted.',
      words: 0,
      options: { type: { type: 'string' }, after: { type: 'string' } },
      run: follow,
    },
  },
});

async function follow({ api, option, io, json }: VerbContext): Promise<void> {
  let after = option('after') ?? 'latest';
  for (;;) {
    const query = { type: option('type'), tenant_id: option('tenant'), after, limit: PAGE };
    const page = (await api.ask('GET', '/v1/events', { query })) as { data: Row[]; next: string };
    for (const event of page.data) io.stdout.write(`${json ? JSON.stringify(event) : lineOf(event)}\n`);
    if (page.next === after) await pause(POLL_MS);
    after = page.next;
  }
}

function lineOf(event: Row): string {
  const data = (event['data'] ?? {}) as Row;
  return [event['at'], event['type'], event['address'] ?? event['recipient_id'], data['class'] ?? ''].join('  ').trimEnd();
}
