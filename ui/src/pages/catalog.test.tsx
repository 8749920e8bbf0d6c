// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'

/** The titles in the table. By selector: asking for roles takes long in a table of this size. */
const titles = () =>
  [...document.querySelectorAll('a[data-row-link]')].map((link) => link.textContent)
const tableOf = (count: number) => waitFor(() => expect(titles()).toHaveLength(count))

test('the catalog shows its first page and how many there are', async () => {
  const { container } = renderPortal('/catalog')
  await tableOf(25)
  expect(screen.getByText('116 entities')).toBeTruthy()
  expect(await screen.findByText('1–25 of 116')).toBeTruthy()
  expect(await screen.findAllByRole('link', { name: 'Ticketing' })).not.toHaveLength(0)
  await expectAccessible(container)
})

test('the address decides what is shown', async () => {
  const { location } = renderPortal('/catalog?kind=api&type=grpc&sort=-name')
  await waitFor(() => expect(titles()).toEqual(['vault-api', 'Offers', 'fares-api']))
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('APIs')
  expect(location()).toBe('/catalog?kind=api&type=grpc&sort=-name')
})

test('a filter counts what the other filters leave, and choosing changes the address', async () => {
  const { user, location } = renderPortal('/catalog?kind=component')
  await tableOf(25)
  await user.click(screen.getByRole('combobox', { name: 'Lifecycle: any' }))
  const options = within(await screen.findByRole('listbox')).getAllByRole('option')
  expect(options.map((option) => option.textContent)).toEqual([
    'production31',
    'experimental4',
    'deprecated1',
  ])
  await user.click(screen.getByRole('option', { name: /deprecated/ }))
  await waitFor(() => expect(location()).toBe('/catalog?kind=component&lifecycle=deprecated'))
  await waitFor(() => expect(titles()).toEqual(['legacy-booking']))
})

test('pages are walked by cursor, and the first one has a short address again', async () => {
  const { user, location } = renderPortal('/catalog')
  await tableOf(25)
  await user.click(screen.getByRole('button', { name: 'Next' }))
  expect(await screen.findByText('26–50 of 116')).toBeTruthy()
  expect(location()).toBe('/catalog?cursor=at-25&page=2')
  await user.click(screen.getByRole('button', { name: 'Previous' }))
  expect(await screen.findByText('1–25 of 116')).toBeTruthy()
  expect(location()).toBe('/catalog')
})

test('slash leads to the search, down leads into the table, Enter opens the entity', async () => {
  const { user, location } = renderPortal('/catalog')
  await tableOf(25)
  await user.keyboard('/')
  await user.keyboard('barc')
  await waitFor(() => expect(titles()).toEqual(['barcode', 'Ticket issuer']))
  expect(location()).toBe('/catalog?q=barc')
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{Enter}')
  await waitFor(() => expect(location()).toBe('/catalog/default/component/barcode'))
})

test('an order that leaves entities out says how many', async () => {
  renderPortal('/catalog?sort=lifecycle')
  expect(await screen.findByText(/64 more without a lifecycle/)).toBeTruthy()
})

test('no match offers to clear the filters', async () => {
  const { user, location } = renderPortal('/catalog?q=zebra&kind=api')
  expect(await screen.findByText(/No entity with “zebra”/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Clear all filters' }))
  await waitFor(() => expect(location()).toBe('/catalog'))
  await tableOf(25)
})

test('an empty catalog says how to fill it', async () => {
  const { container } = renderPortal('/catalog', [])
  expect(await screen.findByRole('heading', { name: 'The catalog is empty' })).toBeTruthy()
  expect(container.textContent).toContain('target: ../my-company/**/catalog-info.yaml')
  await expectAccessible(container)
})

test('a failure shows the words of the server and another try', async () => {
  const { server, user, queries } = renderPortal('/catalog')
  await tableOf(25)
  const handle = server.handle.bind(server)
  const refusal = {
    error: { name: 'ServiceUnavailableError', message: 'still `loading`', hint: 'wait' },
  }
  server.handle = async () => Response.json(refusal, { status: 503 })
  queries.clear()
  await user.click(screen.getByRole('button', { name: 'Type' }))
  expect((await screen.findByRole('alert')).textContent).toContain('still loadingwait')
  server.handle = handle
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await tableOf(25)
})

test('an address that leads nowhere says so', async () => {
  const { container } = renderPortal('/no/such/page')
  expect(await screen.findByRole('heading', { level: 1 })).toHaveProperty(
    'textContent',
    'There is no page at this address',
  )
  await expectAccessible(container)
})

test('who is signed in narrows to what is theirs, and out of it again', async () => {
  const owner = 'group:default/ticketing'
  const { user, location, server, container } = renderPortal('/catalog', undefined, ({ door }) => {
    door.signInRequired = true
    door.user = { entityRef: 'user:default/ada', ownershipEntityRefs: ['user:default/ada', owner] }
  })
  await tableOf(25)
  const mine = await screen.findByRole('button', { name: 'Owned by me', pressed: false })
  await user.click(mine)
  await waitFor(() => expect(location()).toBe('/catalog?user=owned'))
  const owned = server.entities.filter(({ relations }) =>
    relations?.some(({ type, targetRef }) => type === 'ownedBy' && targetRef === owner),
  )
  expect(owned.length).toBeGreaterThan(0)
  await tableOf(owned.length)
  await expectAccessible(container)
  await user.click(screen.getByRole('button', { name: 'Owned by me', pressed: true }))
  await waitFor(() => expect(location()).toBe('/catalog'))
})

test('where nobody is signed in nothing is theirs', async () => {
  renderPortal('/catalog')
  await tableOf(25)
  expect(screen.queryByRole('button', { name: 'Owned by me' })).toBeNull()
})
