/** The route tree. A path is a thing, the query is the view of it; pages come in when they are visited. */
import { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { sessionQuery } from '@api/session';
import { placesQuery } from '@api/workspace';
import { validateAlertsSearch } from '@pages/alerts/search';
import { validateGraphSearch } from '@pages/graph/search';
import { validateHuntingSearch } from '@pages/hunting/search';
import { validateIncidentSearch } from '@pages/incident/search';
import { validateIncidentsSearch } from '@pages/incidents/search';
import { validateComplianceSearch } from '@pages/compliance/search';
import { validateInventorySearch } from '@pages/inventory/search';
import { validateLogsSearch } from '@pages/logs/search';
import { validatePoliciesSearch } from '@pages/policies/search';
import { validateRecommendationSearch } from '@pages/recommendation/search';
import { validateRecommendationsSearch } from '@pages/recommendations/search';
import { validateResourceSearch } from '@pages/resource/search';
import { validateRulesSearch } from '@pages/rules/search';
import { validateScoreSearch } from '@pages/score/search';
import { validateWatchlistSearch } from '@pages/watchlist/search';
import { parseSearch, stringifySearch, type RawSearch } from './search';
import { RouteFailure } from './shell/RouteFailure';
import { NotFound } from './shell/NotFound';
import { Waiting } from './shell/Waiting';

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 30_000 } },
});

interface Context {
  queryClient: QueryClient;
}

/** `t` is the time range of any page, `s` its scope. */
export interface CommonSearch {
  t?: string;
  s?: string;
}
const common = (raw: RawSearch): CommonSearch => ({ t: raw['t'], s: raw['s'] });

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound });

const signin = createRoute({
  getParentRoute: () => root,
  path: '/signin',
  validateSearch: (raw: RawSearch): { back?: string } => ({ back: raw['back'] }),
  component: lazyRouteComponent(() => import('@pages/signin')),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  validateSearch: common,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session === null || session.mustChangePassword) {
      throw redirect({ to: '/signin', search: { back: location.href } });
    }
    const places = await context.queryClient.ensureQueryData(placesQuery);
    return { session, places };
  },
  component: lazyRouteComponent(() => import('./shell/Shell'), 'Shell'),
  errorComponent: RouteFailure,
  pendingComponent: Waiting,
});

const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview' });
  },
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/overview',
  component: lazyRouteComponent(() => import('@pages/overview')),
});

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  validateSearch: validateIncidentsSearch,
  component: lazyRouteComponent(() => import('@pages/incidents')),
});

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$number',
  validateSearch: validateIncidentSearch,
  component: lazyRouteComponent(() => import('@pages/incident')),
});

const graph = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$number/graph',
  validateSearch: validateGraphSearch,
  component: lazyRouteComponent(() => import('@pages/graph')),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: validateAlertsSearch,
  component: lazyRouteComponent(() => import('@pages/alerts')),
});

/** Where links of alerts in mails and logs lead. */
const alert = createRoute({
  getParentRoute: () => shell,
  path: '/alerts/$id',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/alerts', search: { view: 'all', sel: params.id } });
  },
});

const analytics = createRoute({
  getParentRoute: () => shell,
  path: '/analytics',
  validateSearch: validateRulesSearch,
  component: lazyRouteComponent(() => import('@pages/rules')),
});

const hunting = createRoute({
  getParentRoute: () => shell,
  path: '/hunting',
  validateSearch: validateHuntingSearch,
  component: lazyRouteComponent(() => import('@pages/hunting')),
});

const watchlists = createRoute({
  getParentRoute: () => shell,
  path: '/watchlists',
  validateSearch: (raw: RawSearch): { q?: string } => ({ q: raw['q'] }),
  component: lazyRouteComponent(() => import('@pages/watchlists')),
});

const watchlist = createRoute({
  getParentRoute: () => shell,
  path: '/watchlists/$alias',
  validateSearch: validateWatchlistSearch,
  component: lazyRouteComponent(() => import('@pages/watchlist')),
});

const entity = createRoute({
  getParentRoute: () => shell,
  path: '/entities/$id',
  component: lazyRouteComponent(() => import('@pages/entity')),
});

const logs = createRoute({
  getParentRoute: () => shell,
  path: '/logs',
  validateSearch: validateLogsSearch,
  component: lazyRouteComponent(() => import('@pages/logs')),
});

const score = createRoute({
  getParentRoute: () => shell,
  path: '/score',
  validateSearch: validateScoreSearch,
  component: lazyRouteComponent(() => import('@pages/score')),
});

const recommendations = createRoute({
  getParentRoute: () => shell,
  path: '/recommendations',
  validateSearch: validateRecommendationsSearch,
  component: lazyRouteComponent(() => import('@pages/recommendations')),
});

const recommendation = createRoute({
  getParentRoute: () => shell,
  path: '/recommendations/$id',
  validateSearch: validateRecommendationSearch,
  component: lazyRouteComponent(() => import('@pages/recommendation')),
});

const compliance = createRoute({
  getParentRoute: () => shell,
  path: '/compliance',
  validateSearch: validateComplianceSearch,
  component: lazyRouteComponent(() => import('@pages/compliance')),
});

const inventory = createRoute({
  getParentRoute: () => shell,
  path: '/inventory',
  validateSearch: validateInventorySearch,
  component: lazyRouteComponent(() => import('@pages/inventory')),
});

const resource = createRoute({
  getParentRoute: () => shell,
  path: '/resources/$',
  validateSearch: validateResourceSearch,
  component: lazyRouteComponent(() => import('@pages/resource')),
});

const policies = createRoute({
  getParentRoute: () => shell,
  path: '/policies',
  validateSearch: validatePoliciesSearch,
  component: lazyRouteComponent(() => import('@pages/policies')),
});

const posture = [score, recommendations, recommendation, compliance, inventory, resource, policies] as const;

export const router = createRouter({
  routeTree: root.addChildren([signin, shell.addChildren([index, overview, incidents, incident, graph, alerts, alert, entity, logs, hunting, watchlists, watchlist, analytics, ...posture])]),
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: RouteFailure,
  defaultPendingMs: 300,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
