import { expect, test } from 'vitest'
import type { Entity } from './entity'
import type { GraphScope } from './graph'
import { walk } from './graph-walk'

const ref = (name: string) => (name.includes(':') ? name : `component:default/${name}`)

/** Entities as `a: dependsOn b, ownedBy group:default/g`. */
function world(...lines: string[]): Map<string, Entity> {
  return new Map(
    lines.map((line) => {
      const [name = '', rest = ''] = line.split(/: (.*)/)
      const relations = rest.split(', ').flatMap((text) => {
        const [type, target] = text.split(' ')
        return type && target ? [{ type, targetRef: ref(target) }] : []
      })
      const [kind = 'Component', plain] = name.includes('/') ? name.split('/') : [undefined, name]
      const entity: Entity = {
        apiVersion: 'v1',
        kind: kind ?? 'Component',
        metadata: { name: plain ?? name },
        relations,
      }
      return [`${entity.kind.toLowerCase()}:default/${entity.metadata.name}`, entity]
    }),
  )
}

async function around(
  root: string,
  entities: Map<string, Entity>,
  scope: Partial<GraphScope> = {},
) {
  const asked: string[][] = []
  const graph = await walk(
    {
      roots: [ref(root)],
      maxDepth: 1,
      kinds: [],
      relations: [],
      expanded: [],
      most: 100,
      ...scope,
    },
    async (refs) => {
      asked.push(refs.map((one) => one.replace('component:default/', '')))
      return new Map(refs.map((one) => [one, entities.get(one) ?? null]))
    },
  )
  const nodes = graph.nodes.map(
    ({ ref, level, missing, more }) =>
      `${ref.replace('component:default/', '')} ${level}${missing ? ' missing' : ''}${more ? ` +${more}` : ''}`,
  )
  return { graph, nodes, asked }
}

const CHAIN = world('a: dependsOn b', 'b: dependsOn c, dependencyOf a', 'c: dependsOn d', 'd')

test('every level is one request, and the last one says how much follows', async () => {
  const { nodes, asked } = await around('a', CHAIN, { maxDepth: 2 })
  expect(asked).toEqual([['a'], ['b'], ['c']])
  expect(nodes).toEqual(['a 0', 'b 1', 'c 2 +1'])
})

test('an expanded entity shows its neighbours at any depth', async () => {
  const { nodes } = await around('a', CHAIN, { expanded: [ref('b')] })
  expect(nodes).toEqual(['a 0', 'b 1', 'c 2 +1'])
})

test('all the way ends where nothing new comes, in circles too', async () => {
  const circle = world('a: dependsOn b, dependsOn a', 'b: dependsOn a')
  const { nodes, graph } = await around('a', circle, { maxDepth: 20 })
  expect(nodes).toEqual(['a 0', 'b 1'])
  expect(graph.relations).toHaveLength(3)
})

test('what the catalog does not have shows where a relation names it, and is no error', async () => {
  expect((await around('a', world('a: dependsOn x'))).nodes).toEqual(['a 0', 'x 1 missing'])
})

test('a centre that is not there is a graph with nothing around it', async () => {
  expect((await around('x', CHAIN)).nodes).toEqual(['x 0 missing'])
})

test('kinds and relations say which way to go; centres always show', async () => {
  const team = world(
    'a: ownedBy group:default/g, dependsOn b',
    'b',
    'Group/g: ownerOf a, ownerOf b',
  )
  const scope = { maxDepth: 20 }
  expect((await around('a', team, { ...scope, kinds: ['group'] })).nodes).toEqual([
    'a 0',
    'group:default/g 1',
  ])
  expect((await around('a', team, { ...scope, relations: ['dependsOn'] })).nodes).toEqual([
    'a 0',
    'b 1',
  ])
})

test('a full graph counts what has no room', async () => {
  const hub = world(
    `hub: ${Array.from({ length: 30 }, (_, index) => `ownerOf n${index}`).join(', ')}`,
  )
  const { graph } = await around('hub', hub, { most: 10 })
  expect(graph.nodes).toHaveLength(10)
  expect(graph.left).toBe(21)
  expect(graph.nodes[0]?.more).toBe(21)
})

test('relations that make no sense are left out', async () => {
  const odd = world('a')
  odd.get(ref('a'))?.relations?.push({ type: 'dependsOn', targetRef: '::' })
  expect((await around('a', odd)).nodes).toEqual(['a 0'])
})
