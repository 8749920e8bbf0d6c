import type { RawSearch } from './catalog-search'
import type { GraphScope } from './graph'
import { parseRef, printRef } from './ref'

/** Where lines lead: from the left to the right, and so on. */
export const DIRECTIONS = ['LR', 'RL', 'TB', 'BT'] as const

/** One of the ways in which lines can lead. */
export type Direction = (typeof DIRECTIONS)[number]

/** How lines are drawn, in Backstage's words. */
export type Curve = 'curveMonotoneX' | 'curveStepBefore'

/** What the graph page shows. All of it lives in the address, under Backstage's names. */
export interface GraphSearch {
  roots: readonly string[]
  /** How far to go from the centres; infinite for all the way. */
  depth: number
  kinds: readonly string[]
  relations: readonly string[]
  expanded: readonly string[]
  unidirectional: boolean
  mergeRelations: boolean
  direction: Direction
  curve: Curve
  showFilters: boolean
  /** Whether the graph is written as a list. */
  list: boolean
}

/** The most levels followed, also where all of them are asked for. */
export const MOST_LEVELS = 20
/** The most entities in one graph. */
export const MOST_NODES = 1000

/** The graph before anybody changes it. */
export const DEFAULT_GRAPH: GraphSearch = {
  roots: [],
  depth: 1,
  kinds: [],
  relations: [],
  expanded: [],
  unidirectional: true,
  mergeRelations: true,
  direction: 'LR',
  curve: 'curveMonotoneX',
  showFilters: true,
  list: false,
}

/** Lists come as `name[]=a`, and from older links as `name[0]=a` or `name=a`. */
function listOf(raw: RawSearch, name: string): string[] {
  const values = Object.entries(raw)
    .filter(
      ([key]) =>
        key === name || (key.startsWith(`${name}[`) && /^\[\d*\]$/.test(key.slice(name.length))),
    )
    .flatMap(([, list]) => list)
    .map((value) => value.trim())
  return [...new Set(values)].filter((value) => value !== '')
}

const refsOf = (raw: RawSearch, name: string): string[] => {
  const refs = listOf(raw, name).flatMap((text) => parseRef(text) ?? [])
  return [...new Set(refs.map(printRef))]
}

function flag(raw: RawSearch, name: string, otherwise: boolean): boolean {
  const [value] = raw[name] ?? []
  return value === 'true' || (value !== 'false' && otherwise)
}

function readDepth(text: string | undefined): number {
  if (text === '∞' || text?.toLowerCase() === 'infinity') return Number.POSITIVE_INFINITY
  const depth = Math.floor(Number(text))
  return depth >= 1 ? Math.min(depth, MOST_LEVELS) : DEFAULT_GRAPH.depth
}

/** Reads the address. Whatever makes no sense there counts as absent. */
export function readGraphSearch(raw: RawSearch): GraphSearch {
  const direction = raw.direction?.[0]
  return {
    roots: refsOf(raw, 'rootEntityRefs'),
    depth: readDepth(raw.maxDepth?.[0]),
    kinds: [...new Set(listOf(raw, 'selectedKinds').map((kind) => kind.toLowerCase()))],
    relations: listOf(raw, 'selectedRelations'),
    expanded: refsOf(raw, 'expandedEntityRefs'),
    unidirectional: flag(raw, 'unidirectional', DEFAULT_GRAPH.unidirectional),
    mergeRelations: flag(raw, 'mergeRelations', DEFAULT_GRAPH.mergeRelations),
    direction: DIRECTIONS.find((known) => known === direction) ?? DEFAULT_GRAPH.direction,
    curve: raw.curve?.[0] === 'curveStepBefore' ? 'curveStepBefore' : DEFAULT_GRAPH.curve,
    showFilters: flag(raw, 'showFilters', DEFAULT_GRAPH.showFilters),
    list: raw.view?.[0] === 'list',
  }
}

/** Writes the address, leaving out what is as it always is. */
export function writeGraphSearch(search: GraphSearch): RawSearch {
  const raw: Record<string, readonly string[]> = {}
  const lists: [name: string, values: readonly string[]][] = [
    ['rootEntityRefs[]', search.roots],
    ['selectedKinds[]', search.kinds],
    ['selectedRelations[]', search.relations],
    ['expandedEntityRefs[]', search.expanded],
  ]
  for (const [name, values] of lists) if (values.length > 0) raw[name] = values
  if (search.depth !== DEFAULT_GRAPH.depth) {
    raw.maxDepth = [Number.isFinite(search.depth) ? String(search.depth) : '∞']
  }
  for (const name of [
    'unidirectional',
    'mergeRelations',
    'direction',
    'curve',
    'showFilters',
  ] as const) {
    if (search[name] !== DEFAULT_GRAPH[name]) raw[name] = [String(search[name])]
  }
  if (search.list) raw.view = ['list']
  return raw
}

/** The part of the catalog that a page shows. */
export const scopeOf = (search: GraphSearch): GraphScope => ({
  roots: search.roots,
  maxDepth: Math.min(search.depth, MOST_LEVELS),
  kinds: search.kinds,
  relations: search.relations,
  expanded: search.expanded,
  most: MOST_NODES,
})
