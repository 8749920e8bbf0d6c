import './ui/tokens.css'
import './ui/base.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isTemporary } from './api/error'
import { createPortalRouter } from './routes'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The live stream says when something changed, so answers do not age by themselves.
      staleTime: 60_000,
      retry: (failures, error) => failures < 2 && isTemporary(error),
    },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id `root`')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={createPortalRouter(queries)} />
    </QueryClientProvider>
  </StrictMode>,
)
