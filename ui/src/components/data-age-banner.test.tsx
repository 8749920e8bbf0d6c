// @vitest-environment jsdom
import { act, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import { dataAge, noteDataAge } from '../api/data-age'

const banner = () => screen.queryByRole('region', { name: /^Showing data from/ })

afterEach(() => {
  vi.useRealTimers()
  act(() => noteDataAge(new Response()))
})

test('a banner says how old the data is, and goes when the database is back', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { server, container } = renderPortal('/catalog/default/component/barcode')
  await screen.findByRole('heading', { level: 1 })
  expect(banner()).toBeNull()

  server.dataAge = 190
  await act(() => vi.advanceTimersByTimeAsync(20_000))
  const said = 'Showing data from 3 minutes ago: the database does not answer'
  expect(await screen.findByRole('heading', { name: said })).toBeTruthy()
  await expectAccessible(container)

  server.dataAge = undefined
  await act(() => vi.advanceTimersByTimeAsync(3_000))
  await vi.waitFor(() => expect(banner()).toBeNull())
})

test('an answer that failed says nothing of the age', () => {
  noteDataAge(new Response(null, { headers: { 'x-callboard-data-age': '7' } }))
  noteDataAge(new Response(null, { status: 503 }))
  expect(dataAge()).toBe(7)
})
