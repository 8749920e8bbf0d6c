import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { readCatalogSearch } from './api/catalog-search'
import { me } from './api/me'
import { dimensionCounts, entityByRef, entityPage } from './api/queries'
import { parseSearch, stringifySearch } from './api/url-search'
import { PageCrashed } from './components/page-crashed'
import { Shell } from './components/shell'
import { config } from './config'
import NotFound from './pages/not-found'
import { paths } from './paths'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({})

const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn(),
  component: lazyRouteComponent(() => import('./pages/sign-in')),
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: paths.welcome(),
  component: lazyRouteComponent(() => import('./pages/welcome')),
})

/** Everything that is there for those who are signed in, where one has to be. */
const portal = createRoute({
  getParentRoute: () => root,
  id: 'portal',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    if (!config.signInRequired) return
    const { user } = await context.queries.ensureQueryData(me)
    // Where a provider sends people back to who did not come in.
    const { error } = location.search as { error?: string[] }
    if (error && location.pathname === paths.home()) {
      throw redirect({ to: paths.signIn(), search: { error }, replace: true })
    }
    if (!user)
      throw redirect({ to: paths.signIn(), search: { to: [location.href] }, replace: true })
  },
})

const home = createRoute({
  getParentRoute: () => portal,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/catalog', replace: true })
  },
})

const catalog = createRoute({
  getParentRoute: () => portal,
  path: '/catalog',
  // Data is fetched while the page's code is: neither waits for the other.
  loaderDeps: ({ search }) => readCatalogSearch(search),
  loader: ({ context, deps }) => {
    void context.queries.prefetchQuery(entityPage(deps))
    void context.queries.prefetchQuery(dimensionCounts(deps.filters, deps))
  },
  component: lazyRouteComponent(() => import('./pages/catalog')),
})

const graph = createRoute({
  getParentRoute: () => portal,
  path: paths.graph(),
  component: lazyRouteComponent(() => import('./pages/catalog-graph')),
})

const entity = createRoute({
  getParentRoute: () => portal,
  path: '/catalog/$namespace/$kind/$name/{-$tab}',
  loader: ({ context, params }) => {
    void context.queries.prefetchQuery(entityByRef(params))
  },
  component: lazyRouteComponent(() => import('./pages/entity')),
})

const settings = createRoute({
  getParentRoute: () => portal,
  path: paths.settings(),
  component: lazyRouteComponent(() => import('./pages/settings')),
})

const audit = createRoute({
  getParentRoute: () => portal,
  path: paths.audit(),
  component: lazyRouteComponent(() => import('./pages/audit')),
})

const signIns = createRoute({
  getParentRoute: () => portal,
  path: paths.signIns(),
  component: lazyRouteComponent(() => import('./pages/sign-ins')),
})

const accounts = createRoute({
  getParentRoute: () => portal,
  path: paths.accounts(),
  component: lazyRouteComponent(() => import('./pages/accounts')),
})

const consent = createRoute({
  getParentRoute: () => portal,
  path: '/oauth2/authorize/$session',
  component: lazyRouteComponent(() => import('./pages/consent')),
})

/** Everything else: said inside the portal, where the way on is beside it. */
const nowhere = createRoute({
  getParentRoute: () => portal,
  path: '$',
  component: NotFound,
})

/** The routes of the portal; tests hand in a history of their own. */
export function createPortalRouter(queries: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      welcome,
      portal.addChildren([
        home,
        catalog,
        graph,
        entity,
        settings,
        audit,
        signIns,
        accounts,
        consent,
        nowhere,
      ]),
    ]),
    basepath: config.basePath || '/',
    parseSearch,
    stringifySearch: (search) => stringifySearch(search as Record<string, string[]>),
    context: { queries },
    // Pointing at a link is enough to fetch what it leads to; the query cache says what is fresh.
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageCrashed,
    ...(history ? { history } : {}),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>
  }
}
