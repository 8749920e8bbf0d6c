import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { parseSearch, stringifySearch } from './api/url-search'
import { PageCrashed } from './components/page-crashed'
import { Shell } from './components/shell'
import { config } from './config'
import NotFound from './pages/not-found'

const root = createRootRoute({ component: Shell })

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
  component: lazyRouteComponent(() => import('./pages/catalog')),
})

const entity = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$namespace/$kind/$name/{-$tab}',
  component: lazyRouteComponent(() => import('./pages/entity')),
})

/** The routes of the portal; tests hand in a history of their own. */
export function createPortalRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([home, catalog, entity]),
    basepath: config.basePath || '/',
    parseSearch,
    stringifySearch: (search) => stringifySearch(search as Record<string, string[]>),
    defaultPreload: 'intent',
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
