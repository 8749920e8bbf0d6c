// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { MockServer } from '../../mock/server'

const ADA = 'user:default/ada'
const KEPT = `${ADA} default.starredEntities entityRefs`

beforeEach(() => localStorage.clear())

const open = (address: string, prepare: (server: MockServer) => void = () => {}) =>
  renderPortal(address, undefined, (server) => {
    server.door.signInRequired = true
    server.door.user = { entityRef: ADA, ownershipEntityRefs: [ADA] }
    prepare(server)
  })

const titles = () =>
  [...document.querySelectorAll('a[data-row-link]')].map((link) => link.textContent)
const star = (title: string, pressed: boolean) =>
  screen.findByRole('button', { name: `Star ${title}`, pressed })

test('a star in the table is kept, and the filter shows what is starred', async () => {
  const { user, server, location, container } = open('/catalog?q=barc')
  await user.click(await star('barcode', false))
  await star('barcode', true)
  await waitFor(() => expect(server.lockers.kept.get(KEPT)).toEqual(['component:default/barcode']))
  await user.click(screen.getByRole('button', { name: 'Clear' }))
  await user.click(screen.getByRole('button', { name: 'Starred', pressed: false }))
  await waitFor(() => expect(location()).toBe('/catalog?user=starred'))
  await waitFor(() => expect(titles()).toEqual(['barcode']))
  await expectAccessible(container)
  await user.click(await star('barcode', true))
  expect(await screen.findByText('Nothing is starred yet')).toBeTruthy()
  await waitFor(() => expect(server.lockers.kept.get(KEPT)).toEqual([]))
})

test('many stars are narrowed, counted and paged like everything else', async () => {
  const { user, location } = open(
    '/catalog?user=starred&kind=component',
    ({ lockers, entities }) => {
      const all = entities.map(({ kind, metadata }) => `${kind}:default/${metadata.name}`)
      lockers.kept.set(KEPT, [...all, 'component:default/gone'])
    },
  )
  expect(await screen.findByText('36 entities')).toBeTruthy()
  await waitFor(() => expect(titles()).toHaveLength(25))
  await user.click(screen.getByRole('combobox', { name: 'Lifecycle: any' }))
  const options = within(await screen.findByRole('listbox')).getAllByRole('option')
  expect(options.map((option) => option.textContent)).toEqual([
    'production31',
    'experimental4',
    'deprecated1',
  ])
  await user.keyboard('{Escape}')
  await user.click(screen.getByRole('button', { name: 'Next' }))
  await waitFor(() => expect(location()).toBe('/catalog?kind=component&user=starred&page=2'))
  await waitFor(() => expect(titles()).toHaveLength(11))
  await user.click(screen.getByRole('button', { name: 'Previous' }))
  await waitFor(() => expect(location()).toBe('/catalog?kind=component&user=starred'))
})

test('when the server refuses, the star goes back and a message says so', async () => {
  const { user, container } = open('/catalog/default/component/barcode', ({ lockers }) => {
    lockers.full = true
  })
  await user.click(await star('barcode', false))
  const message = await screen.findByRole('alert')
  expect(message.textContent).toContain('The star was not kept')
  expect(message.textContent).toContain('as many as there may be. Remove one')
  await star('barcode', false)
  await expectAccessible(container)
  await user.click(screen.getByRole('button', { name: 'Close this message' }))
  expect(screen.queryByRole('alert')).toBeNull()
})

test('where nobody signs in the browser has the stars, and other tabs follow', async () => {
  const { user } = renderPortal('/catalog/default/component/barcode')
  await user.click(await star('barcode', false))
  await star('barcode', true)
  const key = 'callboard.settings/default.starredEntities/entityRefs'
  await waitFor(() => expect(localStorage.getItem(key)).toBe('["component:default/barcode"]'))
  localStorage.setItem(key, '[]')
  window.dispatchEvent(new StorageEvent('storage', { key, newValue: '[]' }))
  await star('barcode', false)
})
