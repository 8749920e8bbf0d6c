// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { components } from '../api/schema'

type HistoryEvent = components['schemas']['HistoryEvent']

const event = (id: number, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
  id: String(id),
  eventAt: new Date(Date.now() - 7_200_000).toISOString(),
  eventType: 'updated',
  entityRef: 'component:default/barcode',
  entityId: 'uid',
  ...more,
})

async function history(events: HistoryEvent[]) {
  const portal = renderPortal('/catalog/default/component/barcode')
  portal.server.history = events
  await portal.user.click(await screen.findByRole('link', { name: 'History' }))
  return portal
}

test('each change says when, from where and what is different', async () => {
  const { container } = await history([
    event(2, {
      source: 'url:https://git.example/barcode.yaml',
      diff: [
        { path: 'spec.owner', change: 'changed', before: 'team-a', after: 'team-b' },
        { path: 'metadata.tags', change: 'added', after: 'java' },
        {
          path: 'relations',
          change: 'removed',
          before: { type: 'ownedBy', targetRef: 'group:default/team-a' },
        },
      ],
    }),
    event(1, { eventType: 'created', source: 'file:/srv/barcode.yaml' }),
  ])
  const [changed, created] = within(
    await screen.findByRole('region', { name: 'History' }),
  ).getAllByRole('listitem')
  expect(changed?.textContent).toContain('Changed 2 hours ago')
  expect(within(changed as HTMLElement).getByRole('link')).toHaveProperty(
    'href',
    'https://git.example/barcode.yaml',
  )
  const differences = screen.getByRole('list', { name: 'Differences' })
  expect(
    within(differences)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual([
    'spec.ownerBefore: team-aAfter: team-b',
    'metadata.tagsAfter: java',
    'relationsBefore: ownedBy group:default/team-a',
  ])
  expect(created).toBeTruthy()
  expect(screen.getByText('/srv/barcode.yaml')).toBeTruthy()
  await expectAccessible(container)
})

test('older changes are loaded when somebody asks', async () => {
  const { user } = await history(Array.from({ length: 25 }, (_, index) => event(25 - index)))
  const region = await screen.findByRole('region', { name: 'History' })
  expect(within(region).getAllByRole('listitem')).toHaveLength(20)
  await user.click(screen.getByRole('button', { name: 'Show older changes' }))
  await screen.findAllByText('Changed')
  await expect.poll(() => within(region).getAllByRole('listitem').length).toBe(25)
  expect(screen.queryByRole('button', { name: 'Show older changes' })).toBeNull()
})

test('many differences are folded', async () => {
  const diff = Array.from({ length: 12 }, (_, index) => ({
    path: `spec.x${index}`,
    change: 'added' as const,
    after: index,
  }))
  const { user } = await history([event(1, { diff, omittedChanges: 3 })])
  await user.click(await screen.findByRole('button', { name: 'Show all 12 differences' }))
  expect(screen.getByText('spec.x11')).toBeTruthy()
  expect(screen.getByText('and 3 more that are not kept')).toBeTruthy()
})

test('an entity that never changed says so', async () => {
  await history([])
  expect(await screen.findByRole('heading', { name: 'Nothing has changed yet' })).toBeTruthy()
})

test('a hostile source is no link, and a new change shows by itself', async () => {
  const { server } = await history([])
  await screen.findByRole('heading', { name: 'Nothing has changed yet' })
  // What others declare cannot run anything.
  server.history = [event(1, { source: 'url:javascript:alert(1)' })]
  server.change(server.entities)
  const source = await screen.findByText('url:javascript:alert(1)')
  expect(source.closest('a')).toBeNull()
})
