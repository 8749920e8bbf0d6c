/** Backstage's own client, unmodified from npm, gets from Callboard what it expects. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CatalogClient } from '@backstage/catalog-client'
import { Portal, smallCatalog } from '../lib/portal.js'

const COMPONENTS = ['berth-board', 'berth-planner', 'tide-bell', 'tide-table']

describe('@backstage/catalog-client', () => {
  // Hooks of a suite are not those of a test, so the portal's end is kept for the suite's own hook.
  let finish
  const suite = {
    after: (action) => {
      finish = action
    },
  }
  let client

  before(async () => {
    const portal = await Portal.start(suite, {
      catalog: await smallCatalog(suite),
    })
    await portal.ready()
    await portal.holds(14)
    const discoveryApi = {
      getBaseUrl: async (plugin) => `${portal.url}/api/${plugin}`,
    }
    client = new CatalogClient({ discoveryApi })
  })
  after(() => finish())

  const names = (entities) => entities.map((entity) => entity.metadata.name).sort()

  test('getEntities without arguments gives everything', async () => {
    const { items } = await client.getEntities()
    const served = items.filter((entity) => entity.kind !== 'Location')
    assert.equal(served.length, 14)
    for (const { metadata } of items) {
      assert.match(metadata.uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4/)
      assert.match(metadata.etag, /^[0-9a-f]{40}$/)
      assert.ok(metadata.annotations['backstage.io/managed-by-location'])
    }
  })

  test('getEntities: keys of one filter all hold, one value of an array is enough', async () => {
    const filter = {
      kind: 'component',
      'spec.lifecycle': ['production', 'experimental'],
    }
    const { items } = await client.getEntities({ filter })
    assert.deepEqual(names(items), ['berth-board', 'berth-planner', 'tide-table'])
  })

  test('getEntities: one of several filters is enough', async () => {
    const filter = [{ kind: 'domain' }, { kind: 'component', 'metadata.tags': 'react' }]
    const { items } = await client.getEntities({ filter })
    assert.deepEqual(names(items), ['berth-board', 'harbour'])
  })

  test('getEntities: relations and existence filter too', async () => {
    const owned = {
      kind: 'component',
      'relations.ownedBy': 'user:default/mira',
    }
    assert.deepEqual(names((await client.getEntities({ filter: owned })).items), ['tide-bell'])
    const { CATALOG_FILTER_EXISTS } = await import('@backstage/catalog-client')
    const documented = {
      'metadata.annotations.backstage.io/techdocs-ref': CATALOG_FILTER_EXISTS,
    }
    const { items } = await client.getEntities({ filter: documented })
    assert.deepEqual(names(items), ['berth-planner'])
  })

  test('getEntities: fields cut entities down, order and limit page them', async () => {
    const request = {
      filter: { kind: 'component' },
      fields: ['kind', 'metadata.name'],
      order: { field: 'metadata.name', order: 'desc' },
      limit: 2,
    }
    const { items } = await client.getEntities(request)
    assert.deepEqual(items, [
      { kind: 'Component', metadata: { name: 'tide-table' } },
      { kind: 'Component', metadata: { name: 'tide-bell' } },
    ])
    const rest = await client.getEntities({ ...request, offset: 2 })
    assert.deepEqual(
      rest.items.map((item) => item.metadata.name),
      ['berth-planner', 'berth-board'],
    )
  })

  test('getEntities: two orders sort by the first, then by the second', async () => {
    const order = [
      { field: 'spec.lifecycle', order: 'asc' },
      { field: 'metadata.name', order: 'desc' },
    ]
    const { items } = await client.getEntities({
      filter: { kind: 'component' },
      order,
    })
    const sorted = items.map((item) => item.metadata.name)
    assert.deepEqual(sorted, ['tide-bell', 'berth-board', 'tide-table', 'berth-planner'])
  })

  test('getEntityByRef finds by text and by parts, in any case, and knows what is missing', async () => {
    const byText = await client.getEntityByRef('component:default/tide-bell')
    const byParts = await client.getEntityByRef({
      kind: 'Component',
      namespace: 'Default',
      name: 'Tide-Bell',
    })
    assert.equal(byText.metadata.uid, byParts.metadata.uid)
    assert.deepEqual(byText.relations.map(({ type, targetRef }) => `${type} ${targetRef}`).sort(), [
      'dependsOn component:default/tide-table',
      'ownedBy user:default/mira',
      'partOf system:default/tides',
    ])
    assert.equal(await client.getEntityByRef('component:default/nothing'), undefined)
  })

  test('getEntitiesByRefs answers in the order of the question, with gaps', async () => {
    const entityRefs = ['group:default/crew', 'api:default/none', 'component:default/tide-table']
    const { items } = await client.getEntitiesByRefs({
      entityRefs,
      fields: ['metadata.name'],
    })
    assert.deepEqual(
      items.map((item) => item?.metadata.name),
      ['crew', undefined, 'tide-table'],
    )
    const filtered = await client.getEntitiesByRefs({
      entityRefs,
      filter: { kind: 'component' },
    })
    assert.deepEqual(
      filtered.items.map((item) => item?.kind),
      [undefined, undefined, 'Component'],
    )
  })

  test('queryEntities pages forwards and backwards with cursors', async () => {
    const first = await client.queryEntities({
      filter: { kind: 'component' },
      orderFields: { field: 'metadata.name', order: 'asc' },
      limit: 3,
    })
    assert.equal(first.totalItems, 4)
    assert.deepEqual(
      first.items.map((item) => item.metadata.name),
      COMPONENTS.slice(0, 3),
    )
    assert.equal(first.pageInfo.prevCursor, undefined)

    const second = await client.queryEntities({
      cursor: first.pageInfo.nextCursor,
      limit: 3,
    })
    assert.deepEqual(
      second.items.map((item) => item.metadata.name),
      COMPONENTS.slice(3),
    )
    assert.equal(second.totalItems, 4)
    assert.equal(second.pageInfo.nextCursor, undefined)

    const back = await client.queryEntities({
      cursor: second.pageInfo.prevCursor,
      limit: 3,
    })
    assert.deepEqual(
      back.items.map((item) => item.metadata.name),
      COMPONENTS.slice(0, 3),
    )
  })

  test('queryEntities: full text looks into the named fields', async () => {
    const find = (term, fields) =>
      client.queryEntities({
        filter: { kind: 'component' },
        fullTextFilter: { term, fields },
      })
    const byDescription = await find('HIGH and', ['metadata.name', 'metadata.description'])
    assert.deepEqual(names(byDescription.items), ['tide-table'])
    assert.deepEqual((await find('high and', ['metadata.name'])).items, [])
  })

  test('queryEntities leaves out the count when it is not wanted', async () => {
    const page = await client.queryEntities({
      limit: 1,
      totalItems: 'exclude',
    })
    assert.equal(page.items.length, 1)
    assert.ok(!page.totalItems)
  })

  test('queryEntities: an order leaves out entities without the field', async () => {
    const page = await client.queryEntities({
      filter: [{ kind: 'component' }, { kind: 'group' }],
      orderFields: { field: 'spec.lifecycle', order: 'desc' },
    })
    assert.deepEqual(names(page.items), COMPONENTS)
    assert.equal(page.totalItems, 4)
  })

  test('getEntityFacets counts values as they are written', async () => {
    const { facets } = await client.getEntityFacets({
      filter: { kind: 'component' },
      facets: ['kind', 'spec.type', 'metadata.tags'],
    })
    const counts = (facet) =>
      Object.fromEntries(facets[facet].map(({ value, count }) => [value, count]))
    assert.deepEqual(counts('kind'), { Component: 4 })
    assert.deepEqual(counts('spec.type'), { service: 3, website: 1 })
    assert.deepEqual(counts('metadata.tags'), { rust: 2, core: 1, react: 1 })
  })

  test('streamEntities walks through all pages', async () => {
    const seen = []
    for await (const page of client.streamEntities({
      filter: { kind: 'component' },
      pageSize: 3,
    })) {
      seen.push(...page)
    }
    assert.deepEqual(names(seen), COMPONENTS)
  })

  test('a filter that makes no sense is refused with a reason', async () => {
    await assert.rejects(client.queryEntities({ cursor: 'nonsense' }), (error) => {
      assert.equal(error.name, 'ResponseError')
      assert.equal(error.statusCode, 400)
      assert.match(error.cause.message, /cursor/i)
      return true
    })
  })
})
