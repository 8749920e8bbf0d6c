// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { buildCatalog } from '../../mock/build'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { Entity } from '../api/entity'

const component = (metadata: Partial<Entity['metadata']>, more: Partial<Entity> = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default', ...metadata },
  spec: { type: 'service', lifecycle: 'production', owner: 'shop' },
  ...more,
})

test('a page names its entity and shows relations in both directions by their titles', async () => {
  const { container } = renderPortal('/catalog/default/component/payment-gateway')
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Payment gateway')
  const depends = screen.getByRole('region', { name: 'Depends on' })
  expect(await within(depends).findByRole('link', { name: /card-vault/ })).toHaveProperty(
    'pathname',
    '/catalog/default/component/card-vault',
  )
  expect(screen.getByRole('region', { name: 'Provides APIs' }).textContent).toContain('Payments')
  expect(document.title).toBe('Payment gateway · Component · Callboard')
  await expectAccessible(container)
})

test('a relation to nothing is marked and is no link', async () => {
  renderPortal('/catalog/default/component/fraud-scoring')
  const depends = await screen.findByRole('region', { name: 'Depends on' })
  await within(depends).findByText('Not in the catalog')
  expect(within(depends).queryByRole('link', { name: /risk-models/ })).toBeNull()
  expect(within(depends).getByRole('link', { name: /feature-store/ })).toBeTruthy()
})

test('a problem shows its place in the file and what to do', async () => {
  renderPortal('/catalog/default/component/loyalty')
  const problem = await screen.findByRole('region', { name: 'This entity could not be updated' })
  expect(problem.textContent).toContain('spec.lifecycle must be text, but is a list')
  expect(within(problem).getByText('catalog/traveller/loyalty.yaml:14:11')).toBeTruthy()
  expect(within(problem).getByRole('link', { name: /in its repository/ })).toBeTruthy()
})

test('an orphan says where it came from', async () => {
  renderPortal('/catalog/default/component/legacy-booking')
  const warning = await screen.findByRole('region', { name: /No source delivers/ })
  expect(warning.textContent).toContain('legacy-booking.yaml')
})

test('hostile links, annotations and specs stay text', async () => {
  const evil = component(
    {
      description: '<img src=x onerror=alert(1)>',
      links: [{ url: 'javascript:alert(1)', title: 'Click me' }],
      annotations: {
        'backstage.io/view-url': 'javascript:alert(2)',
        'backstage.io/edit-url': ' java\nscript:alert(3)',
        'backstage.io/source-location': 'url:data:text/html,x',
      },
    },
    { spec: { type: { a: 1 }, lifecycle: ['x'], profile: 'none', definition: 7 } },
  )
  const { container } = renderPortal('/catalog/default/component/cart', [evil])
  expect((await screen.findByText('Click me')).closest('a')).toBeNull()
  const hrefs = [...container.querySelectorAll('main a')].map((link) => link.getAttribute('href'))
  expect(hrefs.filter((href) => !href?.startsWith('/'))).toEqual([])
  expect(container.querySelector('img')).toBeNull()
})

test('every view has an address, and an unknown one is not found', async () => {
  const { user, location } = renderPortal('/catalog/default/api/payments-api')
  await user.click(await screen.findByRole('link', { name: 'Definition' }))
  expect(await screen.findByText('Definition (openapi)')).toBeTruthy()
  expect(location()).toBe('/catalog/default/api/payments-api/definition')
  await user.click(screen.getByRole('link', { name: 'YAML' }))
  const yaml = await screen.findByRole('figure', { name: 'Entity as served' })
  expect(yaml.textContent).toContain('kind: API\n')
})

test('a view that the kind does not have is not found', async () => {
  renderPortal('/catalog/default/component/barcode/definition')
  expect(await screen.findByText('There is no page at this address')).toBeTruthy()
})

test('an entity that is not there offers what was probably meant', async () => {
  const { container } = renderPortal('/catalog/default/component/payment-gatewy')
  const guesses = await screen.findByRole('list', { name: 'Entities with a similar name' })
  expect(within(guesses).getAllByRole('link')[0]?.textContent).toBe('Payment gateway')
  await expectAccessible(container)
})

test('a saved file shows without loading the page again', async () => {
  const { server } = renderPortal('/catalog/default/component/barcode')
  await screen.findByText('Encodes and checks the UIC barcode.')
  await screen.findByText('Live')
  const changed = buildCatalog().map((entity) =>
    entity.metadata.name === 'barcode'
      ? { ...entity, metadata: { ...entity.metadata, description: 'Something else.' } }
      : entity,
  )
  server.change(changed)
  expect(await screen.findByText('Something else.')).toBeTruthy()
})
