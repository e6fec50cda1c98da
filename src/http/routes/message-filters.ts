// This file is what the lists of messages and recipients are asked by: filters as they are written in an address, and as the store takes them.
import { z } from 'zod';
import { idTimeMs } from '../../ids.ts';
import { addressKey, normaliseDomain, parseAddress } from '../../mail/address.ts';
import { HELD_CODES } from '../../store/held-counts.ts';
import type { MessageQuery } from '../../store/message-window.ts';
import { senderKey } from '../../tenancy/may-send.ts';
import { Id, ListQuery, SearchTime, StateName, StreamName } from '../schemas.ts';
import { WantsTotal } from '../total.ts';

/** An address or a domain in the form in which senders are compared. */
const SenderName = z
  .string()
  .max(320)
  .transform((text, context) => {
    if (text.includes('@')) return senderKey(text);
    const domain = normaliseDomain(text.trim());
    if (domain !== null) return domain;
    context.addIssue('write an address or a domain, such as info@club.example or club.example');
    return z.NEVER;
  })
  .meta({ description: 'Whose mail: the address in From, or its domain (with those below it).' });
const WaitsFor = z
  .string()
  .max(400)
  .transform((names) => names.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum([...HELD_CODES, 'anything'])).max(HELD_CODES.length))
  .meta({
    description: `What held messages wait for, as GET /v1/held-messages counts them; several are separated by commas. ${HELD_CODES.join(', ')}; or "anything" of these.`,
  });
export const MessageSearch = ListQuery.extend({
  address: z.string().max(320).optional().meta({ description: "A recipient's address." }),
  subject: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Part of the subject. A page looks through a window of messages; "next" goes on behind it.' }),
  id: Id.optional().meta({ description: 'Id of a message or of a recipient.' }),
  state: StateName.optional(),
  stream: StreamName.optional(),
  sender: SenderName.optional(),
  waits_for: WaitsFor.optional(),
  from: SearchTime.optional().meta({ description: 'Accepted at or after this time.' }),
  to: SearchTime.optional().meta({ description: 'Accepted before this time.' }),
  total: WantsTotal,
});

/** Query parameters as the search takes them; shared with the list of recipients. */
export function searchOf(query: {
  address?: string | undefined;
  subject?: string | undefined;
  state?: z.output<typeof StateName> | undefined;
  stream?: 'transactional' | 'bulk' | undefined;
  sender?: string | undefined;
  waits_for?: z.output<typeof WaitsFor> | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
}) {
  const { address, subject, state, stream, sender, limit } = query;
  return {
    address: address === undefined ? undefined : keyOf(address),
    subject,
    state,
    stream,
    sender,
    waitsFor: query.waits_for && waitsForOf(query.waits_for),
    fromMs: query.from === undefined ? undefined : Date.parse(query.from),
    toMs: query.to === undefined ? undefined : Date.parse(query.to),
    limit,
  };
}

function waitsForOf(codes: z.output<typeof WaitsFor>): MessageQuery['waitsFor'] {
  const named = codes.flatMap((code) => (code === 'anything' ? [] : code === 'unknown' ? ([''] as const) : [code]));
  return named.length < codes.length ? 'anything' : named;
}

/** The form in which addresses are compared. What is no address finds nothing. */
function keyOf(address: string): string {
  const parsed = parseAddress(address);
  return parsed.ok ? addressKey(parsed.value.address) : address;
}

/** Ids carry their time. */
export function timeOf(id: string): string {
  return new Date(idTimeMs(id)).toISOString();
}
