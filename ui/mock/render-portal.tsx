import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router'
import { cleanup, configure, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { run } from 'axe-core'
import { afterEach, expect, vi } from 'vitest'
import type { Entity } from '../src/api/entity'
import { config } from '../src/config'
import { createPortalRouter } from '../src/routes'
import { buildCatalog } from './build'
import { MockServer } from './server'

// A busy machine may be slow, but an answer that never comes still fails.
configure({ asyncUtilTimeout: 8000 })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** A stream of server-sent events from the mock: this environment has none of its own. */
const eventSourceOf = (server: MockServer) =>
  class extends EventTarget {
    static readonly CLOSED = 2
    onopen?: () => void

    constructor() {
      super()
      queueMicrotask(() => {
        this.onopen?.()
        this.tell()
      })
      server.changes.addEventListener('change', this.tell)
    }

    tell = () => {
      const data = JSON.stringify({ revision: server.revision })
      this.dispatchEvent(new MessageEvent('revision', { data }))
    }

    close() {
      server.changes.removeEventListener('change', this.tell)
    }
  }

/** Opens the whole portal at an address, over a mock of the server. */
export function renderPortal(
  address: string,
  entities: Entity[] = buildCatalog(),
  prepare: (server: MockServer) => void = () => {},
) {
  const server = new MockServer(entities)
  prepare(server)
  config.signInRequired = server.door.signInRequired
  vi.stubGlobal('fetch', (request: Request) => server.handle(request))
  vi.stubGlobal('EventSource', eventSourceOf(server))
  vi.stubGlobal('scrollTo', () => {})
  const history = createMemoryHistory({ initialEntries: [address] })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const portal = render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={createPortalRouter(queries, history)} />
    </QueryClientProvider>,
  )
  /** Where the portal is now. */
  const location = () => history.location.href
  return { ...portal, server, queries, location, user: userEvent.setup() }
}

/** Fails with the list of what assistive technology would stumble over. */
export async function expectAccessible(container: Element): Promise<void> {
  // Colours need a layout, which this environment does not have; the browser tests check them.
  const { violations } = await run(container, { rules: { 'color-contrast': { enabled: false } } })
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)
  expect(found).toEqual([])
}
