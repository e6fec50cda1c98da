// This file is the resource that checks any domain: what DNS says about its mail, with a verdict and a next step for each thing. Nothing is stored.
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { SELECTORS_MAX } from '../../flows/domain-check/check-dkim.ts';
import { CHECK_PARTS, FINDING_STATES } from '../../flows/domain-check/finding.ts';
import { sayCheck } from '../../flows/domain-check/words.ts';
import { type App, principalOf } from '../app.ts';
import type { HttpDeps } from '../deps.ts';
import { makeRateLimiter } from '../gate/rate-limit.ts';
import { Lang, languageOf } from '../language.ts';
import { TimeOut } from '../schemas.ts';

/** A check asks some eighty questions of other people's servers, so a key may make only so many a minute. */
const CHECKS_PER_MINUTE = 30;
/** All keys of this process together: beyond it somebody waits rather than the resolver. */
const CHECKS_AT_ONCE = 16;

const Question = z.strictObject({
  name: z.string().min(1).max(300).meta({ description: 'The domain, `club.example`.' }),
  selectors: z
    .array(z.string().max(255))
    .max(SELECTORS_MAX)
    .optional()
    .meta({ description: 'DKIM selectors to look at beside the usual ones.' }),
  lang: Lang,
});
const Finding = z.object({
  part: z.enum(CHECK_PARTS),
  state: z.enum(FINDING_STATES).meta({
    description:
      'ok · note: good to know · warning: works, but not for long or not everywhere · problem: mail suffers · unknown: DNS did not tell',
  }),
  code: z.string().meta({ description: 'To match on.' }),
  says: z.string(),
  next: z.string().nullable().meta({ description: 'What to do next; null where nothing is to be done.' }),
});
const part = <T extends z.ZodRawShape>(shape: T) => z.object({ ...shape, findings: z.array(Finding).readonly() });
const text = () => z.string().nullable();

const DomainCheck = z
  .object({
    name: z.string(),
    checked_at: TimeOut,
    verdict: z.enum(['ok', 'warning', 'unknown', 'problem']).meta({ description: 'The worst of all findings; notes do not count.' }),
    mx: part({
      records: z.array(z.object({ exchange: z.string(), preference: z.int() })).readonly(),
      receives: z.boolean().nullable().meta({ description: 'Whether the domain takes mail; null: DNS did not tell.' }),
      null_mx: z.boolean(),
    }),
    spf: part({
      record: text(),
      lookups: z.int().nullable().meta({ description: 'Of 10 that receivers allow, through all includes.' }),
      voids: z.int().nullable().meta({ description: 'Names that do not exist, of 2 that receivers allow.' }),
      tree: z
        .array(z.object({ depth: z.int(), term: text(), domain: z.string(), record: text(), lookups: z.int(), problem: text() }))
        .readonly()
        .meta({ description: 'The record and everything it includes, each before what it includes itself.' }),
    }),
    dkim: part({
      selectors: z
        .array(
          z.object({
            selector: z.string(),
            state: z.enum(['ok', 'revoked', 'broken']),
            algorithm: text(),
            bits: z.int().nullable(),
            alias: text().meta({ description: 'Where a CNAME leads; null where the key stands itself.' }),
            warnings: z.array(z.string()).readonly(),
          }),
        )
        .readonly()
        .meta({ description: 'Keys under the usual selectors and those that were named; others cannot be seen.' }),
    }),
    dmarc: part({
      record: text(),
      host: text().meta({ description: 'The name whose record counts.' }),
      policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
      organisational_domain: z.object({
        by_list: z.string().meta({ description: 'By the public suffix list (RFC 7489).' }),
        by_walk: text().meta({ description: 'By the tree walk (RFC 9989); null: DNS did not tell.' }),
        walk: z.array(z.object({ name: z.string(), text: text(), psd: z.enum(['y', 'n', 'u']).nullable() })).readonly(),
      }),
      reports: z
        .array(
          z.object({
            tag: z.enum(['rua', 'ruf']),
            uri: z.string(),
            external: z.boolean(),
            authorised: z
              .boolean()
              .nullable()
              .meta({ description: 'Whether the other organisation agrees in DNS; null: nobody had to be asked, or nobody answered.' }),
          }),
        )
        .readonly(),
    }),
    mta_sts: part({
      record: text(),
      policy: z.object({ mode: z.enum(['enforce', 'testing', 'none']), mx: z.array(z.string()).readonly(), max_age: z.int() }).nullable(),
    }),
    tls_rpt: part({ record: text() }),
    bimi: part({ record: text(), picture: text(), certificate: text() }),
    findings: z.array(Finding).readonly().meta({ description: 'Those of all parts.' }),
  })
  .meta({ id: 'DomainCheck' });

export function examineDomainRoutes(app: App, deps: HttpDeps): void {
  const limiter = makeRateLimiter(deps.clock, CHECKS_PER_MINUTE);
  let running = 0;

  app.route({
    method: 'POST',
    url: '/v1/domain-checks',
    config: { access: 'signed-in' },
    schema: {
      tags: ['Domains and senders'],
      operationId: 'checkAnyDomain',
      summary: 'Check what DNS says about mail of a domain',
      description: `For any domain, registered here or not; nothing is stored. A key may ask ${CHECKS_PER_MINUTE} times a minute.`,
      body: Question,
      response: { 200: DomainCheck },
    },
    handler: async (request) => {
      // Whatever rate the key has for mail, this one is its own.
      const allowance = limiter.take({ ...principalOf(request), ratePerMinute: CHECKS_PER_MINUTE }, 1);
      if (allowance.granted === 0) {
        throw new AppError(
          'RATE_LIMITED',
          `A key may check ${CHECKS_PER_MINUTE} domains a minute; the next place is free in ${allowance.resetS} s.`,
        );
      }
      if (running >= CHECKS_AT_ONCE) throw new AppError('RATE_LIMITED', 'Many domains are being checked just now.');
      running += 1;
      try {
        const { name, selectors = [], lang } = request.body;
        return sayCheck(await deps.examineDomain(name, selectors), languageOf(request, lang));
      } finally {
        running -= 1;
      }
    },
  });
}
