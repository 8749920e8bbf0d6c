// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { type Asked, useMay } from './permissions'

const SEE = { name: 'audit.event.read' }
const REFRESH: Asked = {
  name: 'catalog.entity.refresh',
  resource: { type: 'catalog-entity', ref: 'component:default/barcode' },
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

test('one request asks about several permissions, also such about single things', async () => {
  const bodies: unknown[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    bodies.push(await request.json())
    const items = [
      { id: SEE.name, result: 'DENY' },
      { id: REFRESH.name, result: 'ALLOW' },
    ]
    return Response.json({ items })
  })
  const queries = new QueryClient()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  )
  const { result } = renderHook(() => useMay([SEE, REFRESH]), { wrapper })
  expect(result.current(REFRESH)).toBe(false)
  await waitFor(() => expect(result.current(REFRESH)).toBe(true))
  expect(result.current(SEE)).toBe(false)
  expect(bodies).toEqual([
    {
      items: [
        { id: SEE.name, permission: { type: 'basic', name: SEE.name, attributes: {} } },
        {
          id: REFRESH.name,
          permission: {
            type: 'resource',
            name: REFRESH.name,
            attributes: {},
            resourceType: 'catalog-entity',
          },
          resourceRef: 'component:default/barcode',
        },
      ],
    },
  ])
})
