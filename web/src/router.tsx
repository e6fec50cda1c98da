// This file is the console's map of rooms: each is loaded when it is first entered.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Broken, Missing, Shell } from './frame/shell.tsx';

const root = createRootRoute({ component: Shell });

// lazyRouteComponent wants the component by its name; every room file exports one and its logLine.
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./rooms/sign-in.tsx'), 'SignIn'),
  }),
  createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('./rooms/home.tsx'), 'Home') }),
  createRoute({
    getParentRoute: () => root,
    path: '/messages',
    component: lazyRouteComponent(() => import('./rooms/messages.tsx'), 'Messages'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/messages/$id',
    component: lazyRouteComponent(() => import('./rooms/message.tsx'), 'OneMessage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/bounces',
    component: lazyRouteComponent(() => import('./rooms/bounces.tsx'), 'Bounces'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/holds',
    component: lazyRouteComponent(() => import('./rooms/holds.tsx'), 'Holds'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/holds/new',
    component: lazyRouteComponent(() => import('./rooms/new-hold.tsx'), 'NewHold'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/holds/import',
    component: lazyRouteComponent(() => import('./rooms/import-holds.tsx'), 'ImportHolds'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/holds/policy',
    component: lazyRouteComponent(() => import('./rooms/hold-policy.tsx'), 'HoldPolicyPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/complaints',
    component: lazyRouteComponent(() => import('./rooms/complaints.tsx'), 'Complaints'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/incidents',
    component: lazyRouteComponent(() => import('./rooms/incidents.tsx'), 'Incidents'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/incidents/$id',
    component: lazyRouteComponent(() => import('./rooms/incident.tsx'), 'OneIncident'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/explain',
    component: lazyRouteComponent(() => import('./rooms/explain.tsx'), 'Explain'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/accounts',
    component: lazyRouteComponent(() => import('./rooms/accounts.tsx'), 'Accounts'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/accounts/new',
    component: lazyRouteComponent(() => import('./rooms/new-account.tsx'), 'NewAccount'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/accounts/$id',
    component: lazyRouteComponent(() => import('./rooms/account.tsx'), 'OneAccount'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tenants',
    component: lazyRouteComponent(() => import('./rooms/tenants.tsx'), 'Tenants'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tenants/new',
    component: lazyRouteComponent(() => import('./rooms/new-tenant.tsx'), 'NewTenant'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tenants/$id',
    component: lazyRouteComponent(() => import('./rooms/tenant.tsx'), 'OneTenant'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/credentials',
    component: lazyRouteComponent(() => import('./rooms/credentials.tsx'), 'Credentials'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/credentials/new',
    component: lazyRouteComponent(() => import('./rooms/new-credential.tsx'), 'NewCredential'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/developers',
    component: lazyRouteComponent(() => import('./rooms/developers.tsx'), 'Developers'),
  }),
  ...(import.meta.env.DEV
    ? [createRoute({ getParentRoute: () => root, path: '/desk', component: lazyRouteComponent(() => import('./rooms/desk.tsx'), 'Desk') })]
    : []),
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
