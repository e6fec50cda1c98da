// This file is the console's map of rooms: each is loaded when it is first entered.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';
import { Broken, Missing, Shell } from './frame/shell.tsx';

const root = createRootRoute({ component: Shell });

/** A room at `path`: its file is asked for its component by name; every room file exports one and its logLine. */
function room<File>(path: string, load: () => Promise<File>, name: keyof File & string) {
  // lazyRouteComponent cannot see through a generic file that the named export is a component.
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name) as RouteComponent });
}

const routes = [
  room('/sign-in', () => import('./rooms/sign-in.tsx'), 'SignIn'),
  room('/', () => import('./rooms/home.tsx'), 'Home'),
  room('/messages', () => import('./rooms/messages.tsx'), 'Messages'),
  room('/messages/$id', () => import('./rooms/message.tsx'), 'OneMessage'),
  room('/bounces', () => import('./rooms/bounces.tsx'), 'Bounces'),
  room('/holds', () => import('./rooms/holds.tsx'), 'Holds'),
  room('/holds/new', () => import('./rooms/new-hold.tsx'), 'NewHold'),
  room('/holds/import', () => import('./rooms/import-holds.tsx'), 'ImportHolds'),
  room('/holds/policy', () => import('./rooms/hold-policy.tsx'), 'HoldPolicyPage'),
  room('/complaints', () => import('./rooms/complaints.tsx'), 'Complaints'),
  room('/inbound', () => import('./rooms/inbound.tsx'), 'Inbound'),
  room('/inbound/$id', () => import('./rooms/inbound-mail.tsx'), 'OneInboundMail'),
  room('/inbound/mailboxes', () => import('./rooms/mailboxes.tsx'), 'Mailboxes'),
  room('/inbound/mailboxes/new', () => import('./rooms/new-mailbox.tsx'), 'NewMailbox'),
  room('/inbound/mailboxes/$id', () => import('./rooms/mailbox.tsx'), 'OneMailbox'),
  room('/reports', () => import('./rooms/reports.tsx'), 'Reports'),
  room('/reports/$id', () => import('./rooms/domain-reports.tsx'), 'DomainReports'),
  room('/reports/received/$id', () => import('./rooms/report.tsx'), 'OneReport'),
  room('/incidents', () => import('./rooms/incidents.tsx'), 'Incidents'),
  room('/incidents/$id', () => import('./rooms/incident.tsx'), 'OneIncident'),
  room('/outside', () => import('./rooms/outside.tsx'), 'Outside'),
  room('/explain', () => import('./rooms/explain.tsx'), 'Explain'),
  room('/accounts', () => import('./rooms/accounts.tsx'), 'Accounts'),
  room('/accounts/new', () => import('./rooms/new-account.tsx'), 'NewAccount'),
  room('/accounts/$id', () => import('./rooms/account.tsx'), 'OneAccount'),
  room('/accounts/$id/list', () => import('./rooms/account-list.tsx'), 'AccountList'),
  room('/tenants', () => import('./rooms/tenants.tsx'), 'Tenants'),
  room('/tenants/new', () => import('./rooms/new-tenant.tsx'), 'NewTenant'),
  room('/tenants/$id', () => import('./rooms/tenant.tsx'), 'OneTenant'),
  room('/domains', () => import('./rooms/domains.tsx'), 'Domains'),
  room('/domains/$id', () => import('./rooms/domain.tsx'), 'OneDomain'),
  room('/senders', () => import('./rooms/senders.tsx'), 'Senders'),
  room('/credentials', () => import('./rooms/credentials.tsx'), 'Credentials'),
  room('/credentials/new', () => import('./rooms/new-credential.tsx'), 'NewCredential'),
  room('/developers', () => import('./rooms/developers.tsx'), 'Developers'),
  ...(import.meta.env.DEV ? [room('/desk', () => import('./rooms/desk.tsx'), 'Desk')] : []),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: Missing,
  scrollRestoration: true,
  // Filters are plain words in the address, not JSON.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(search as Record<string, string>).toString();
    return text === '' ? '' : `?${text}`;
  },
});
