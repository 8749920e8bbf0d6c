/** Backstage's own client, unmodified from npm, gets from Callboard what it expects. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CatalogClient } from '@backstage/catalog-client'
import { Portal, smallCatalog, until } from '../lib/portal.js'

/** What only the client itself calls. */
const INSIDE = [
  'constructor',
  'getEntityFacetsByPredicate',
  'getFilterValue',
  'queryEntitiesByPredicate',
  'requestIgnored',
  'requestOptional',
  'requestRequired',
]

/** The client, and a note of every method that is called. */
function noting(client, called) {
  return new Proxy(client, {
    get(target, name) {
      const member = target[name]
      if (typeof member !== 'function') return member
      return (...args) => {
        called.add(name)
        return member.apply(target, args)
      }
    },
  })
}

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
  const called = new Set()

  before(async () => {
    const portal = await Portal.start(suite, {
      catalog: await smallCatalog(suite),
    })
    await portal.ready()
    await portal.holds(14)
    const discoveryApi = {
      getBaseUrl: async (plugin) => `${portal.url}/api/${plugin}`,
    }
    client = noting(new CatalogClient({ discoveryApi }), called)
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

  test('getEntityByName finds by parts', async () => {
    const entity = await client.getEntityByName({ kind: 'Component', name: 'tide-bell' })
    assert.equal(entity.metadata.name, 'tide-bell')
  })

  test('predicates ask for entities and facets too', async () => {
    const query = { $all: [{ kind: 'component' }, { 'spec.type': { $in: ['website'] } }] }
    const page = await client.queryEntities({ query })
    assert.deepEqual(names(page.items), ['berth-board'])
    const { facets } = await client.getEntityFacets({ query, facets: ['kind'] })
    assert.deepEqual(facets.kind, [{ value: 'Component', count: 1 }])
  })

  test('getEntityAncestors leads up to the location of the configuration', async () => {
    const entityRef = 'component:default/tide-bell'
    const ancestry = await client.getEntityAncestors({ entityRef })
    assert.equal(ancestry.rootEntityRef, entityRef)
    const [first, ...above] = ancestry.items
    assert.equal(first.entity.metadata.name, 'tide-bell')
    const top = above.find((item) => item.parentEntityRefs.length === 0)
    assert.match(top.entity.metadata.name, /^generated-[0-9a-f]{40}$/)
  })

  test('refreshEntity is taken, and refused for what nobody knows', async () => {
    await client.refreshEntity('component:default/tide-bell')
    await assert.rejects(client.refreshEntity('component:default/nothing'), { statusCode: 404 })
  })

  test('locations are registered, found, listed, changed and removed', async () => {
    const target = 'https://git.invalid/shop/cart/blob/main/catalog-info.yaml'
    const { location, entities } = await client.addLocation({ type: 'url', target })
    assert.deepEqual(entities, [])
    assert.match(location.entityRef, /^location:default\/generated-[0-9a-f]{40}$/)
    await assert.rejects(client.addLocation({ target }), { statusCode: 409 })
    const again = await client.addLocation({ target, onConflict: 'refresh' })
    assert.deepEqual(again.location, location)

    assert.deepEqual(await client.getLocationById(location.id), location)
    assert.deepEqual(await client.getLocationByRef(`url:${target}`), location)
    assert.deepEqual((await client.getLocations()).items, [location])
    const query = { target: { $hasPrefix: 'https://GIT.invalid/' } }
    const found = await client.queryLocations({ query })
    assert.deepEqual([found.items, found.totalItems], [[location], 1])
    const streamed = []
    for await (const page of client.streamLocations()) streamed.push(...page)
    assert.deepEqual(streamed, [location])
    await until('the entity of the location', () => client.getEntityByRef(location.entityRef))
    assert.deepEqual(await client.getLocationByEntity(location.entityRef), location)

    const elsewhere = { type: 'url', target: 'https://git.invalid/shop/basket.yaml' }
    const changed = await client.updateLocation(location.id, elsewhere)
    assert.deepEqual(changed, { ...location, ...elsewhere })

    await client.removeLocationById(location.id)
    assert.equal(await client.getLocationById(location.id), undefined)
    await assert.rejects(client.removeLocationById(location.id), { statusCode: 404 })
    await until('its end', async () => !(await client.getEntityByRef(location.entityRef)))
  })

  test('addLocation: a dry run of what cannot be read says so, and stores nothing', async () => {
    const target = 'https://git.invalid/shop/cart/blob/main/catalog-info.yaml'
    await assert.rejects(client.addLocation({ target, dryRun: true }), (error) => {
      assert.equal(error.statusCode, 400)
      assert.ok(error.cause.message.includes(target))
      return true
    })
    assert.deepEqual((await client.getLocations()).items, [])
  })

  test('analyzeLocation suggests an entity where it finds none', async () => {
    const location = { type: 'url', target: 'https://git.invalid/shop/cart' }
    const analysis = await client.analyzeLocation({ location })
    assert.deepEqual(analysis.existingEntityFiles, [])
    assert.equal(analysis.generateEntities[0].entity.metadata.name, 'cart')
  })

  test('validateEntity tells good from bad', async () => {
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'cart' },
      spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
    }
    const location = 'url:https://git.invalid/shop/cart/blob/main/catalog-info.yaml'
    assert.deepEqual(await client.validateEntity(entity, location), { valid: true })
    const { owner, ...spec } = entity.spec
    const checked = await client.validateEntity({ ...entity, spec }, location)
    assert.equal(checked.valid, false)
    assert.match(checked.errors[0].message, /spec\.owner/)
  })

  test('removeEntityByUid: what its file still has comes back as another entity', async () => {
    const entityRef = 'component:default/tide-table'
    const { uid } = (await client.getEntityByRef(entityRef)).metadata
    await client.removeEntityByUid(uid)
    await until('the entity to come back', async () => {
      const entity = await client.getEntityByRef(entityRef)
      return entity && entity.metadata.uid !== uid
    })
  })

  test('every method of the client was called', () => {
    const methods = Object.getOwnPropertyNames(CatalogClient.prototype)
    const missing = methods.filter((name) => !INSIDE.includes(name) && !called.has(name))
    assert.deepEqual(missing, [])
  })
})
