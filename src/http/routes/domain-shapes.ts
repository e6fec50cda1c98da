// This file holds the shapes of sending domains and their records, as the API shows them.
import { z } from 'zod';
import { RECORD_NEEDS, RECORD_PURPOSES } from '../../tenancy/expected-records.ts';
import { Id, TimeOut } from '../schemas.ts';

export const DomainStateName = z.enum(['pending', 'verified', 'warning', 'broken']).meta({
  description:
    'pending: nobody has shown yet that it is yours, so it cannot be used · verified: its records are right · warning: the operator vouches for it, or a record needs care · broken: it was verified and its records are wrong now',
});
export const DomainRecord = z.object({
  id: z.string().meta({ description: 'Stays the same for the same purpose.' }),
  purpose: z.enum(RECORD_PURPOSES),
  type: z.enum(['TXT', 'CNAME', 'MX']),
  host: z.string().meta({ description: 'Full name, without a dot at its end.' }),
  value: z
    .string()
    .meta({ description: 'To be published exactly so; where a record exists already it holds what is there, with what is missing added.' }),
  needed: z.enum(RECORD_NEEDS).meta({
    description: 'required: without it the domain is not verified · recommended: mail arrives better with it · optional: good to have',
  }),
  state: z.enum(['ok', 'missing', 'different', 'conflict', 'unreachable', 'unchecked']).meta({
    description: 'As last seen. unreachable: the DNS did not answer, which changes nothing · conflict: several records where one may be',
  }),
  found: z.array(z.string()).meta({ description: 'What stands there.' }),
  mistake: z
    .object({ code: z.string(), message: z.string(), next: z.string() })
    .nullable()
    .meta({ description: 'What is wrong with what was found, and what to do next.' }),
});
export const Domain = z
  .object({
    id: Id,
    tenant_id: Id,
    name: z.string(),
    authenticated: z.boolean().meta({ description: 'Receivers can prove that this desk may speak for the domain.' }),
    vouched: z.boolean().meta({ description: 'The operator says that it may be used, whatever its records say.' }),
    state: DomainStateName,
    ed25519: z.boolean().meta({ description: 'Mail is signed a second time, with Ed25519, once that key is seen in DNS.' }),
    state_since: TimeOut,
    created_at: TimeOut,
    proven_at: TimeOut.nullable().meta({ description: 'When its records were first seen right.' }),
    breaks_at: TimeOut.nullable().meta({
      description: 'A required record is wrong: unless it is mended the domain is broken from then on.',
    }),
    checked_at: TimeOut.nullable(),
    next_check_at: TimeOut.nullable().meta({ description: 'Null: nobody looks by itself any more; check_note says why.' }),
    check_note: z.string().nullable(),
    held_messages: z.number().int().meta({
      description:
        'Messages that are held until it is verified, counted up to 10,000. They go out by themselves then, within their lifetime.',
    }),
    records: z.array(DomainRecord).meta({ description: 'DNS records that prove the domain, beside what was found.' }),
  })
  .meta({ id: 'Domain' });
