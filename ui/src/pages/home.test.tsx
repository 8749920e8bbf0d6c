// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { MockServer } from '../../mock/server'

const ADA = 'user:default/ada'
const STARS = 'default.starredEntities entityRefs'
const VISITS = `default @backstage/plugin-home:visits:${ADA}`

beforeEach(() => localStorage.clear())

/** Opens a page as somebody who signed in and is of a team. */
const open = (address: string, prepare: (server: MockServer) => void = () => {}) =>
  renderPortal(address, undefined, (server) => {
    server.door.signInRequired = true
    const refs = [ADA, 'group:default/traveller-apps']
    server.door.user = { entityRef: ADA, ownershipEntityRefs: refs, displayName: 'Ada Byron' }
    prepare(server)
  })

const keep = (name: string, value: unknown) => (server: MockServer) => {
  server.lockers.kept.set(`${ADA} ${name}`, value)
}
const card = (name: string) => screen.findByRole('region', { name })
const linksIn = async (name: string) =>
  within(await screen.findByRole('list', { name }))
    .getAllByRole('link')
    .map((link) => link.textContent)
const order = () =>
  [...document.querySelectorAll<HTMLElement>('[data-home-card]')].map(
    ({ dataset }) => `${dataset.homeCard} ${dataset.size}`,
  )

test('a first visit greets, says what to do, and asks little', async () => {
  const { server, container } = open('/')
  expect(await screen.findByRole('heading', { name: /^Good \w+, Ada Byron$/ })).toBeTruthy()
  expect(await screen.findByText('Nothing is starred yet')).toBeTruthy()
  expect(await screen.findByRole('list', { name: 'What needs care' })).toBeTruthy()
  expect(order()).toEqual(['starred M', 'owned M', 'recent S', 'frequent S', 'links S'])
  const asked = (word: string) => server.log.filter((line) => line.includes(word))
  expect(asked('/user-settings/')).toEqual(['POST /api/user-settings/multiget'])
  expect(asked('/by-query')).toHaveLength(1)
  expect(asked('/by-refs')).toHaveLength(1)
  await expectAccessible(container)
})

test('what is kept shows, and what is gone is left out until it is cleaned up', async () => {
  const visit = (name: string, hits: number, timestamp: number) => ({
    id: name,
    name,
    pathname: `/catalog/default/component/${name}`,
    hits,
    timestamp,
    entityRef: `component:default/${name}`,
  })
  const { user, server } = open('/', (mock) => {
    keep(STARS, ['component:default/gone', 'api:default/offers-api', 'component:default/barcode'])(
      mock,
    )
    keep(VISITS, [visit('barcode', 1, 3), visit('seat-map', 5, 2), visit('gone', 9, 9)])(mock)
  })
  expect(await linksIn('Starred entities')).toEqual(['barcode', 'Offers'])
  expect(await linksIn('Recently visited')).toEqual(['barcode', 'seat-map'])
  expect(await linksIn('Most visited')).toEqual(['seat-map', 'barcode'])
  await user.click(within(await card('Starred')).getByRole('button', { name: 'Remove it' }))
  await waitFor(() =>
    expect(server.lockers.kept.get(`${ADA} ${STARS}`)).toEqual([
      'api:default/offers-api',
      'component:default/barcode',
    ]),
  )
})

test('anything may be kept by another program, and nothing breaks', async () => {
  const { container } = open('/', (mock) => {
    for (const name of [STARS, VISITS, 'default.home layout', 'default.home links']) {
      keep(name, { nonsense: [null, 7] })(mock)
    }
  })
  expect(await screen.findByText('Nothing is starred yet')).toBeTruthy()
  expect(await screen.findAllByText('No visits yet')).toHaveLength(2)
  await expectAccessible(container)
})

test('when what is kept does not load, it says so, and another try helps', async () => {
  let broken = true
  const { user, container } = open('/', ({ lockers }) => {
    const answer = lockers.answer.bind(lockers)
    const error = { name: 'ServiceUnavailableError', message: 'the database is away' }
    lockers.answer = async (...asked) =>
      broken ? Response.json({ error }, { status: 503 }) : answer(...asked)
  })
  expect(await screen.findByRole('heading', { name: 'Your home page did not load' })).toBeTruthy()
  expect(screen.getByText('the database is away')).toBeTruthy()
  await expectAccessible(container)
  broken = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(order()).toHaveLength(5))
})

test('cards are moved, resized, removed and added, and reset', async () => {
  const { user, server, container } = open('/')
  await user.click(await screen.findByRole('button', { name: 'Arrange' }))
  await user.click(screen.getByRole('button', { name: /^Move Quick links, 5 of 5/ }))
  await user.keyboard('{Home}')
  await waitFor(() => expect(order()[0]).toBe('links S'))
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Move Quick links, 1 of 5')
  await user.keyboard('{ArrowRight}')
  await waitFor(() => expect(order().slice(0, 2)).toEqual(['starred M', 'links S']))
  const width = screen.getByRole('group', { name: 'Width of Quick links' })
  await user.click(within(width).getByRole('radio', { name: /^L/ }))
  await user.click(screen.getByRole('button', { name: 'Remove Most visited' }))
  await waitFor(() => expect(order()).toEqual(['starred M', 'links L', 'owned M', 'recent S']))
  await expectAccessible(container)
  await waitFor(() =>
    expect(server.lockers.kept.get(`${ADA} default.home layout`)).toEqual({
      version: 1,
      cards: [
        { card: 'starred', size: 'M' },
        { card: 'links', size: 'L' },
        { card: 'owned', size: 'M' },
        { card: 'recent', size: 'S' },
      ],
    }),
  )
  await user.click(screen.getByRole('button', { name: 'Most visited' }))
  await waitFor(() => expect(order().at(-1)).toBe('frequent S'))
  await user.click(screen.getByRole('button', { name: 'Reset' }))
  await waitFor(() => expect(order()[1]).toBe('owned M'))
  await user.click(screen.getByRole('button', { name: 'Done' }))
  expect(screen.queryByRole('button', { name: 'Reset' })).toBeNull()
})

test('links are added and removed', async () => {
  const { user, server } = open('/')
  await user.click(await screen.findByRole('button', { name: 'Add a link' }))
  await user.keyboard('javascript:alert(1)')
  await user.click(screen.getByRole('button', { name: 'Add' }))
  expect((await screen.findByRole('alert')).textContent).toBe('This is no web address.')
  await user.clear(screen.getByLabelText('Address'))
  await user.type(screen.getByLabelText('Address'), 'grafana.example.com')
  await user.type(screen.getByLabelText('Title'), 'Dashboards{Enter}')
  expect(await screen.findByRole('link', { name: /^Dashboards/ })).toBeTruthy()
  const links = () => server.lockers.kept.get(`${ADA} default.home links`)
  const link = { title: 'Dashboards', url: 'https://grafana.example.com/' }
  await waitFor(() => expect(links()).toEqual([link]))
  await user.click(screen.getByRole('button', { name: 'Remove the link Dashboards' }))
  expect(await screen.findByText('No links yet')).toBeTruthy()
  await waitFor(() => expect(links()).toEqual([]))
})

test('the search leads to the catalog', async () => {
  const { user, location } = open('/')
  await screen.findByRole('textbox', { name: 'Search the catalog' })
  await user.keyboard('/')
  await user.keyboard('barcode{Enter}')
  await waitFor(() => expect(location()).toBe('/catalog?q=barcode'))
})

test('a page that was looked at is kept when the tab is hidden', async () => {
  const { server, queries } = open('/catalog/default/component/barcode')
  await screen.findByRole('heading', { level: 1, name: 'barcode' })
  await waitFor(() => expect(queries.isFetching()).toBe(0))
  const hidden = (state: DocumentVisibilityState) =>
    act(() => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
  hidden('hidden')
  await waitFor(() =>
    expect(server.lockers.kept.get(`${ADA} ${VISITS}`)).toMatchObject([
      { name: 'barcode', pathname: '/catalog/default/component/barcode', hits: 1 },
    ]),
  )
  hidden('visible')
})

test('a page that is not there is no visit', async () => {
  const { queries } = open('/catalog/default/component/nowhere')
  await screen.findByRole('heading', { level: 1, name: /There is no component/ })
  const { visitNotesOf } = await import('../api/visit-notes')
  expect(visitNotesOf(queries).seen).toEqual([])
})

test('visits can be switched off and forgotten', async () => {
  const old = { name: 'barcode', pathname: '/x', hits: 1, timestamp: 1, id: 'x' }
  const { user, server, container } = open('/settings', keep(VISITS, [old]))
  expect(await screen.findByText('1 page is remembered.')).toBeTruthy()
  await user.click(screen.getByRole('checkbox', { name: 'Remember the pages I look at' }))
  await waitFor(() =>
    expect(server.lockers.kept.get(`${ADA} default.home rememberVisits`)).toBe(false),
  )
  await user.click(screen.getByRole('button', { name: 'Forget all visits' }))
  await user.click(await screen.findByRole('button', { name: 'Forget' }))
  expect(await screen.findByText('No page is remembered.')).toBeTruthy()
  await waitFor(() => expect(server.lockers.kept.get(`${ADA} ${VISITS}`)).toEqual([]))
  await expectAccessible(container)
})

test('where nobody signs in it is the browser that keeps things', async () => {
  const { user, server, container } = renderPortal('/')
  expect(await screen.findByRole('heading', { name: 'Welcome to Callboard' })).toBeTruthy()
  await waitFor(() => expect(order()).toEqual(['starred M', 'links M', 'recent M', 'frequent M']))
  await user.click(screen.getByRole('button', { name: 'Arrange' }))
  await user.click(screen.getByRole('button', { name: 'Remove Quick links' }))
  await waitFor(() => expect(order()).toHaveLength(3))
  expect(server.log.filter((line) => line.includes('user-settings'))).toEqual([])
  const kept = localStorage.getItem('callboard.settings/default.home/layout')
  expect(JSON.parse(kept ?? '')).toHaveProperty('cards.length', 3)
  await expectAccessible(container)
})
