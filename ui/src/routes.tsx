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
import { dimensionCounts, entityByRef, entityPage } from './api/queries'
import { parseSearch, stringifySearch } from './api/url-search'
import { PageCrashed } from './components/page-crashed'
import { Shell } from './components/shell'
import { config } from './config'
import NotFound from './pages/not-found'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Shell })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/catalog', replace: true })
  },
})

const catalog = createRoute({
  getParentRoute: () => root,
  path: '/catalog',
  // Data is fetched while the page's code is: neither waits for the other.
  loaderDeps: ({ search }) => readCatalogSearch(search),
  loader: ({ context, deps }) => {
    void context.queries.prefetchQuery(entityPage(deps))
    void context.queries.prefetchQuery(dimensionCounts(deps.filters, deps))
  },
  component: lazyRouteComponent(() => import('./pages/catalog')),
})

const entity = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$namespace/$kind/$name/{-$tab}',
  loader: ({ context, params }) => {
    void context.queries.prefetchQuery(entityByRef(params))
  },
  component: lazyRouteComponent(() => import('./pages/entity')),
})

const consent = createRoute({
  getParentRoute: () => root,
  path: '/oauth2/authorize/$session',
  component: lazyRouteComponent(() => import('./pages/consent')),
})

/** The routes of the portal; tests hand in a history of their own. */
export function createPortalRouter(queries: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([home, catalog, entity, consent]),
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
