// This file puts the HTTP door together: framework, gates, routes, description, console. The composition root decides where it listens.
import { fastify } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { AppError } from '../errors.ts';
import type { App } from './app.ts';
import { makeBrokenRequestAnswer } from './broken-request.ts';
import { KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from './connection-times.ts';
import type { HttpDeps } from './deps.ts';
import { authorize } from './gate/authorize.ts';
import { makeRateLimiter } from './gate/rate-limit.ts';
import { securityHeaders } from './gate/security-headers.ts';
import { guardTransport } from './gate/transport.ts';
import { refuseUnknownQuery, validatorCompiler } from './inputs.ts';
import { readJsonBodies } from './intake/json-body.ts';
import { providerWebhookRoutes } from './intake/provider-webhooks.ts';
import { confirmPages } from './pages/confirm.ts';
import { serveConsole } from './pages/console-files.ts';
import { serveDocs } from './pages/docs.ts';
import { describeApi, serveDescription } from './pages/openapi.ts';
import { sendProblem, toAppError } from './problem.ts';
import { accountListRoutes } from './routes/account-lists.ts';
import { answerRoutes } from './routes/answers.ts';
import { bounceNoticeRoutes } from './routes/bounce-notices.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { deskRoutes } from './routes/desk.ts';
import { destinationLimitRoutes } from './routes/destination-limits.ts';
import { dkimKeyRoutes } from './routes/dkim-keys.ts';
import { dmarcSourceRoutes } from './routes/dmarc-sources.ts';
import { domainAlignmentRoutes } from './routes/domain-alignment.ts';
import { domainCheckRoutes } from './routes/domain-checks.ts';
import { domainDmarcRoutes } from './routes/domain-dmarc.ts';
import { domainReportRoutes } from './routes/domain-reports.ts';
import { domainRoutes } from './routes/domains.ts';
import { eventRoutes } from './routes/events.ts';
import { examineDomainRoutes } from './routes/examine-domain.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { feedbackRuleRoutes } from './routes/feedback-rules.ts';
import { heldMessageRoutes } from './routes/held-messages.ts';
import { holdPolicyRoutes } from './routes/hold-policy.ts';
import { inboundMailRoutes } from './routes/inbound-mails.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { mailboxRoutes } from './routes/mailboxes.ts';
import { messageIntakeRoutes } from './routes/message-intake.ts';
import { messageRoutes } from './routes/messages.ts';
import { overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { providerAccountRoutes } from './routes/provider-accounts.ts';
import { providerDomainRoutes } from './routes/provider-domains.ts';
import { providerRemovalRoutes } from './routes/provider-removals.ts';
import { providerRoutes } from './routes/providers.ts';
import { recipientRoutes } from './routes/recipients.ts';
import { replyForwardingRoutes } from './routes/reply-forwarding.ts';
import { rewritingRoutes } from './routes/rewriting.ts';
import { rewritingKeyRoutes } from './routes/rewriting-keys.ts';
import { routingRoutes } from './routes/routing.ts';
import { secretKeyRoutes } from './routes/secret-keys.ts';
import { selfCheckRoutes } from './routes/self-checks.ts';
import { senderPreviewRoutes } from './routes/sender-preview.ts';
import { senderRoutes } from './routes/senders.ts';
import { sessionRoutes } from './routes/session.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { suppressionFileRoutes } from './routes/suppression-files.ts';
import { suppressionRoutes } from './routes/suppressions.ts';
import { tenantRoutes } from './routes/tenants.ts';
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.ts';
import { webhookEndpointRoutes } from './routes/webhook-endpoints.ts';

/** Bodies of requests that carry no mail. */
const BODY_BYTES_MAX = 1024 * 1024;
const URL_PART_CHARS_MAX = 300;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Makes the server, ready to listen or to be asked directly (`inject`). `close()` lets open requests end. */
export async function createHttpServer(deps: HttpDeps): Promise<App> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Its answer has no code and no hint; ours is given by refuseWhileClosing.
    return503OnClosing: false,
    genReqId: () => deps.ids.next(),
    routerOptions: { maxParamLength: URL_PART_CHARS_MAX },
    clientErrorHandler: makeBrokenRequestAnswer(deps.ids),
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply, deps.log),
  }).withTypeProvider<ZodTypeProvider>();
  const limiter = makeRateLimiter(deps.clock, deps.config.defaultRatePerMinute);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    // From the first request that missed the database on, /health says so.
    if (toAppError(error).code === 'STORE_UNAVAILABLE') deps.reachable.doubt();
    return sendProblem(error, request, reply, deps.log);
  });
  // Hooks that wait for nothing call on by themselves; a promise for each would be made and thrown away with every request.
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  securityHeaders(app);
  refuseWhileClosing(app);
  guardTransport(app, deps.config);
  readJsonBodies(app);
  authorize(app, deps, limiter);
  const addresses = collectAddresses(app);
  refuseUnknownQuery(app);
  await describeApi(app, deps.config.version);
  messageIntakeRoutes(app, deps, limiter);
  for (const add of RESOURCES) add(app, deps);
  await suppressionFileRoutes(app, deps);
  await domainReportRoutes(app, deps);
  serveDescription(app);
  serveDocs(app);
  await confirmPages(app, deps);
  refuseOtherMethods(app, addresses);
  await providerWebhookRoutes(app, deps);
  await serveConsole(app, deps.consoleRoot);
  await app.ready();
  return app;
}

/** What comes over a kept connection once the desk stops. */
function refuseWhileClosing(app: App): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', (_request, _reply, done) => done(closing ? new AppError('NOT_READY', 'The desk is stopping.') : undefined));
}

const RESOURCES = [
  messageRoutes,
  recipientRoutes,
  eventRoutes,
  feedbackRoutes,
  feedbackRuleRoutes,
  suppressionRoutes,
  heldMessageRoutes,
  holdPolicyRoutes,
  incidentRoutes,
  webhookEndpointRoutes,
  webhookDeliveryRoutes,
  tenantRoutes,
  credentialRoutes,
  domainRoutes,
  dkimKeyRoutes,
  providerDomainRoutes,
  providerRemovalRoutes,
  domainCheckRoutes,
  examineDomainRoutes,
  domainDmarcRoutes,
  dmarcSourceRoutes,
  domainAlignmentRoutes,
  selfCheckRoutes,
  secretKeyRoutes,
  senderRoutes,
  senderPreviewRoutes,
  rewritingRoutes,
  rewritingKeyRoutes,
  providerAccountRoutes,
  accountListRoutes,
  providerRoutes,
  routingRoutes,
  destinationLimitRoutes,
  inboundMailRoutes,
  bounceNoticeRoutes,
  replyForwardingRoutes,
  mailboxRoutes,
  overviewRoutes,
  ledgerRoutes,
  statisticsRoutes,
  answerRoutes,
  peopleRoutes,
  sessionRoutes,
  deskRoutes,
] as const;

/** Remembers which methods every address has. */
function collectAddresses(app: App): Map<string, Set<string>> {
  const addresses = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = addresses.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    addresses.set(url, methods);
  });
  return addresses;
}

/** An address that exists answers 405 with what it can do, instead of claiming that it does not exist. */
function refuseOtherMethods(app: App, addresses: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of [...addresses]) {
    const allow = [...methods].join(', ');
    app.route({
      method: METHODS.filter((method) => !methods.has(method)),
      url,
      config: { access: 'public' },
      schema: { hide: true },
      handler: (request, reply) => {
        void reply.header('allow', allow);
        throw new AppError('METHOD_NOT_ALLOWED', `${request.method} is not possible here, only ${allow}.`);
      },
    });
  }
}
