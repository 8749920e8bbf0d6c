// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { buildCatalog } from '../../mock/build'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { Entity } from '../api/entity'

const GRAPH = '/catalog-graph?rootEntityRefs[]='

const drawing = () => screen.findByRole('listbox', { name: 'Entities of the graph' })

const options = async () => within(await drawing()).getAllByRole('option')

const nodes = async () => (await options()).map((node) => node.getAttribute('aria-label'))

const component = (name: string, relations: Entity['relations'], title?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', ...(title ? { title } : {}) },
  spec: { type: 'service' },
  relations: relations ?? [],
})

test('an entity stands in the centre of what it has to do with', async () => {
  const { container, server } = renderPortal(`${GRAPH}component:default/fraud-scoring`)
  expect(await nodes()).toMatchInlineSnapshot(`
    [
      "fraud-scoring, Component · service, centre",
      "Payments, Group · team, 16 more around it",
      "Checkout, System, 13 more around it",
      "fraud-api, API · openapi, 1 more around it",
      "feature-store, Resource · redis, 3 more around it",
      "risk-models, Not in the catalog",
    ]
  `)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Relations of fraud-scoring')
  expect(document.title).toBe('Relations of fraud-scoring · Callboard')
  expect(server.log.filter((line) => line.includes('by-refs'))).toHaveLength(2)
  await expectAccessible(container)
})

test('a click selects; the panel expands, moves the centre and opens', async () => {
  const { user, location } = renderPortal(`${GRAPH}component:default/barcode`)
  await user.click(await screen.findByRole('option', { name: /^Ticketing, Group/ }))
  const panel = screen.getByRole('region', { name: 'The selected entity' })
  const before = (await nodes()).length
  await user.click(within(panel).getByRole('button', { name: /^Expand/ }))
  await waitFor(async () => expect((await nodes()).length).toBeGreaterThan(before))
  expect(location()).toContain('expandedEntityRefs%5B%5D=group:default/ticketing')

  await user.click(within(panel).getByRole('button', { name: 'Collapse' }))
  await waitFor(async () => expect((await nodes()).length).toBe(before))

  await user.click(within(panel).getByRole('button', { name: 'Make it the centre' }))
  await screen.findByRole('heading', { name: 'Relations of Ticketing' })
  expect(location()).toBe('/catalog-graph?rootEntityRefs%5B%5D=group:default/ticketing')

  await user.click(await screen.findByRole('link', { name: 'Open' }))
  await waitFor(() => expect(location()).toBe('/catalog/default/group/ticketing'))
})

test('keys lead from node to node, and Enter opens', async () => {
  const { user, location } = renderPortal(`${GRAPH}component:default/barcode`)
  const root = within(await drawing()).getByRole('option', { name: /centre/ })
  root.focus()
  await user.keyboard('{ArrowRight}')
  const chosen = within(await drawing()).getByRole('option', { selected: true })
  expect(document.activeElement).toBe(chosen)
  expect(chosen).not.toBe(root)
  await user.keyboard('{Home}')
  expect(document.activeElement).toBe(root)
  await user.keyboard('{Escape}')
  expect(within(await drawing()).queryByRole('option', { selected: true })).toBeNull()
  await user.keyboard('{Enter}')
  await waitFor(() => expect(location()).toBe('/catalog/default/component/barcode'))
})

test('page down leads through all of it, with one stop for the Tab key', async () => {
  const { user } = renderPortal(`${GRAPH}component:default/barcode`)
  const all = await options()
  all[0]?.focus()
  const seen = new Set([document.activeElement])
  for (const _ of all) {
    await user.keyboard('{PageDown}')
    seen.add(document.activeElement)
  }
  expect(seen.size).toBe(all.length)
  expect(all.filter((node) => node.getAttribute('tabindex') === '0')).toHaveLength(1)
})

test('filters live in the address', async () => {
  const { user, location } = renderPortal(`${GRAPH}component:default/payment-gateway`)
  await drawing()
  await user.selectOptions(screen.getByRole('combobox', { name: 'Depth' }), '2')
  await waitFor(() => expect(location()).toContain('&maxDepth=2'))
  await user.click(screen.getByRole('button', { name: 'Merge pairs', pressed: true }))
  await waitFor(() => expect(location()).toContain('&mergeRelations=false'))
  await user.click(screen.getByRole('combobox', { name: 'Relation: any' }))
  await user.click(await screen.findByRole('option', { name: /^dependsOn/ }))
  await waitFor(() => expect(location()).toContain('selectedRelations%5B%5D=dependsOn'))
})

test('the same graph reads as a list', async () => {
  const { user, location, container } = renderPortal(`${GRAPH}component:default/fraud-scoring`)
  await drawing()
  await user.click(screen.getByRole('button', { name: 'Show as list' }))
  const list = await screen.findByRole('list', { name: 'Entities of the graph' })
  expect(location()).toContain('view=list')
  expect(list.textContent).toContain('dependsOn / dependencyOffeature-store')
  expect(within(list).queryByRole('link', { name: /risk-models/ })).toBeNull()
  await expectAccessible(container)
})

test('without a centre one is found while typing', async () => {
  const { user, location, container } = renderPortal('/catalog-graph')
  await expectAccessible(container)
  await user.type(await screen.findByRole('combobox', { name: 'Find an entity' }), 'barc')
  await user.click(await screen.findByRole('option', { name: /barcode/ }))
  await waitFor(() =>
    expect(location()).toBe('/catalog-graph?rootEntityRefs%5B%5D=component:default/barcode'),
  )
})

test('an entity that is not there offers what was probably meant', async () => {
  renderPortal(`${GRAPH}component:default/payment-gatewy`)
  expect(await screen.findByRole('link', { name: 'Payment gateway' })).toBeTruthy()
})

test('an entity without relations says so', async () => {
  renderPortal(`${GRAPH}component:default/alone`, [component('alone', [])])
  expect(await screen.findByText('It has no relations to others yet.')).toBeTruthy()
})

test('a failure shows the words of the server and another try', async () => {
  const { user, server } = renderPortal(
    `${GRAPH}component:default/barcode`,
    undefined,
    (server) => {
      const handle = server.handle.bind(server)
      server.handle = async (request) =>
        request.url.includes('by-refs')
          ? Response.json({ error: { name: 'X', message: 'still loading' } }, { status: 503 })
          : handle(request)
      server.changes.addEventListener('repaired', () => {
        server.handle = handle
      })
    },
  )
  expect((await screen.findByRole('alert')).textContent).toContain('still loading')
  server.changes.dispatchEvent(new Event('repaired'))
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect((await nodes()).length).toBeGreaterThan(1)
})

test('hostile titles, circles and loops are drawn as text', async () => {
  const title = `<img src=x onerror=alert(1)>${'long '.repeat(5000)}`
  const { container } = renderPortal(`${GRAPH}component:default/a&maxDepth=%E2%88%9E`, [
    component('a', [
      { type: 'dependsOn', targetRef: 'component:default/a' },
      { type: '"><script>', targetRef: 'component:default/b' },
      { type: 'dependsOn', targetRef: 'no reference' },
    ]),
    component('b', [{ type: 'dependsOn', targetRef: 'component:default/a' }], title),
  ])
  expect(await nodes()).toHaveLength(2)
  expect(container.querySelector('img, script')).toBeNull()
  const drawn = [...container.querySelectorAll('svg text tspan, svg text:not(:has(tspan))')].map(
    (text) => text.textContent.length,
  )
  expect(Math.max(...drawn)).toBeLessThan(60)
})

test('a thousand entities are enough; the page says how many more there are', async () => {
  const targets = Array.from({ length: 1200 }, (_, index) => `component:default/n${index}`)
  const hub = component(
    'hub',
    targets.map((targetRef) => ({ type: 'dependsOn', targetRef })),
  )
  renderPortal(`${GRAPH}component:default/hub`, [hub])
  expect(await screen.findByText(/ends at 1,000 entities; at least 201 more/)).toBeTruthy()
})

test('a change of the catalog shows, and what was selected stays selected', async () => {
  const { user, server } = renderPortal(`${GRAPH}component:default/barcode`)
  await screen.findByText('Live')
  await user.click(await screen.findByRole('option', { name: /centre/ }))
  server.change(
    buildCatalog().map((entity) =>
      entity.metadata.name === 'barcode'
        ? { ...entity, metadata: { ...entity.metadata, title: 'Stripes' } }
        : entity,
    ),
  )
  expect(await screen.findByRole('option', { name: /^Stripes/, selected: true })).toBeTruthy()
})

test('the card of an entity leads to its graph and to its neighbours', async () => {
  const { user, location } = renderPortal('/catalog/default/component/barcode')
  const card = await screen.findByRole('region', { name: 'Graph' })
  expect(await within(card).findByRole('link', { name: /^Ticketing, Group/ })).toBeTruthy()
  await user.click(within(card).getByRole('link', { name: 'Open the graph' }))
  await waitFor(() =>
    expect(location()).toBe('/catalog-graph?rootEntityRefs%5B%5D=component:default/barcode'),
  )
})
