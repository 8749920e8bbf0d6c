import './ui/tokens.css'
import './ui/base.css'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isSignedOut, isTemporary } from './api/error'
import { me } from './api/me'
import { config } from './config'
import { paths } from './paths'
import { createPortalRouter } from './routes'

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => sessionEnded(error) }),
  defaultOptions: {
    queries: {
      // The live stream says when something changed, so answers do not age by themselves.
      staleTime: 60_000,
      retry: (failures, error) => failures < 2 && isTemporary(error),
    },
  },
})

const router = createPortalRouter(queries)

/** Somebody was signed in when the page opened and is not any more: they come back here afterwards. */
function sessionEnded(error: unknown) {
  const { href, pathname } = router.state.location
  if (!config.signInRequired || !isSignedOut(error) || pathname === paths.signIn()) return
  queries.removeQueries({ queryKey: me.queryKey })
  void router.navigate({ to: paths.signIn(), search: { to: [href] }, replace: true })
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id `root`')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
