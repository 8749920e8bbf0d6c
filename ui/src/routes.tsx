import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { dimensionCounts, entityPage } from './api/catalog-page'
import { readCatalogSearch } from './api/catalog-search'
import { prefetchKept } from './api/kept'
import { me } from './api/me'
import { entityByRef } from './api/queries'
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
  loader: ({ context }) => prefetchKept(context.queries),
})

const home = createRoute({
  getParentRoute: () => portal,
  path: paths.home(),
  component: lazyRouteComponent(() => import('./pages/home')),
})

const catalog = createRoute({
  getParentRoute: () => portal,
  path: '/catalog',
  // Data is fetched while the page's code is: neither waits for the other.
  loaderDeps: ({ search }) => readCatalogSearch(search),
  loader: ({ context, deps }) => {
    // What is starred has to be known first; the page asks when it is.
    if (deps.starred) return
    void context.queries.prefetchQuery(entityPage(deps))
    void context.queries.prefetchQuery(dimensionCounts(deps))
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

const roles = createRoute({
  getParentRoute: () => portal,
  path: paths.roles(),
  component: lazyRouteComponent(() => import('./pages/roles')),
})

const newRole = createRoute({
  getParentRoute: () => portal,
  path: paths.newRole(),
  component: lazyRouteComponent(() => import('./pages/new-role')),
})

const why = createRoute({
  getParentRoute: () => portal,
  path: paths.why(),
  component: lazyRouteComponent(() => import('./pages/why')),
})

const role = createRoute({
  getParentRoute: () => portal,
  path: '/admin/roles/$kind/$namespace/$name',
  component: lazyRouteComponent(() => import('./pages/role')),
})

const editRole = createRoute({
  getParentRoute: () => portal,
  path: '/admin/roles/$kind/$namespace/$name/edit',
  component: lazyRouteComponent(() => import('./pages/edit-role')),
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
        roles,
        newRole,
        why,
        role,
        editRole,
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

  interface HistoryState {
    /** What was just saved, for the page that it leads to. */
    saved?: readonly string[]
  }
}
