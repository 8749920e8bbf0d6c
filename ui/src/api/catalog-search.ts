import { parseRef, printRef } from './ref'

/** The fields people narrow the table by, in the order of the toolbar. */
export const DIMENSIONS = ['kind', 'type', 'owner', 'lifecycle', 'tag'] as const

/** One of the fields people narrow the table by. */
export type Dimension = (typeof DIMENSIONS)[number]

/** Where each dimension lives in an entity, in the words of the filter grammar. */
export const FACET_OF: Record<Dimension, string> = {
  kind: 'kind',
  type: 'spec.type',
  owner: 'relations.ownedBy',
  lifecycle: 'spec.lifecycle',
  tag: 'metadata.tags',
}

/** The columns a table can be sorted by. */
export const SORT_FIELDS = {
  name: 'metadata.name',
  kind: 'kind',
  type: 'spec.type',
  owner: 'spec.owner',
  system: 'spec.system',
  lifecycle: 'spec.lifecycle',
} as const

/** A column that the table can be sorted by. */
export type SortColumn = keyof typeof SORT_FIELDS

/** A chosen order. */
export interface Sort {
  column: SortColumn
  direction: 'asc' | 'desc'
}

/** The page sizes on offer. */
export const PAGE_SIZES = [25, 50, 100] as const

/** What the catalog page shows. All of it lives in the address, so that it can be shared. */
export interface CatalogSearch {
  filters: Record<Dimension, readonly string[]>
  /** Whether it shows what the person who looks starred, and nothing else. */
  starred: boolean
  text: string
  sort: Sort
  size: number
  /** Where the page starts; absent on the first one. */
  cursor?: string
  /** The number of the page, for display only: the cursor decides. */
  page: number
}

/** Query parameters as the router hands them over: one list of values for each name. */
export type RawSearch = Record<string, readonly string[]>

/** Stands among the owners for whoever looks. No reference is written like this. */
export const MINE = 'me'

const DEFAULT_SORT: Sort = { column: 'name', direction: 'asc' }

/** The catalog as it looks before anybody narrows it. */
export const EVERYTHING: CatalogSearch = {
  filters: { kind: [], type: [], owner: [], lifecycle: [], tag: [] },
  starred: false,
  text: '',
  sort: DEFAULT_SORT,
  size: PAGE_SIZES[0],
  page: 1,
}

/** Backstage's names of the same filters, so that existing bookmarks keep their meaning. */
const BACKSTAGE_NAMES: Record<Dimension, string> = {
  kind: 'filters[kind]',
  type: 'filters[type]',
  owner: 'filters[owners]',
  lifecycle: 'filters[lifecycles]',
  tag: 'filters[tags]',
}

/** Owners may be written short, as in Backstage: `payments` is the group of that name. */
function canonical(dimension: Dimension, text: string): string {
  const value = text.trim().toLowerCase()
  const ref = dimension === 'owner' ? parseRef(value, { kind: 'group' }) : undefined
  return ref ? printRef(ref) : value
}

function readFilter(raw: RawSearch, dimension: Dimension): string[] {
  const values = [...(raw[dimension] ?? []), ...(raw[BACKSTAGE_NAMES[dimension]] ?? [])]
    .filter((value) => value.trim() !== '' && value !== 'all')
    .map((value) => canonical(dimension, value))
  return [...new Set(values)]
}

/** What is whose, in the words of Backstage's catalog page: `owned` and `starred`. */
const ofUser = (raw: RawSearch, word: string): boolean =>
  (raw.user ?? raw['filters[user]'] ?? []).includes(word)

/** "Owned" has a name of its own in the address, which a group called `me` cannot be taken for. */
const readOwners = (raw: RawSearch): string[] => [
  ...(ofUser(raw, 'owned') ? [MINE] : []),
  ...readFilter(raw, 'owner'),
]

/** A number of a page behind the first. */
function laterPage(raw: RawSearch): number | undefined {
  const page = Number(raw.page?.[0])
  return Number.isSafeInteger(page) && page > 1 ? page : undefined
}

/** Stars are counted through; a cursor would carry them all into the address. */
function readPlace(raw: RawSearch, starred: boolean): Pick<CatalogSearch, 'cursor' | 'page'> {
  if (starred) return { page: laterPage(raw) ?? 1 }
  const cursor = raw.cursor?.[0]
  return cursor ? { cursor, page: laterPage(raw) ?? 2 } : { page: 1 }
}

function readSort(text: string | undefined): Sort {
  const direction = text?.startsWith('-') ? 'desc' : 'asc'
  const column = text?.replace(/^-/, '') ?? ''
  return Object.hasOwn(SORT_FIELDS, column)
    ? { column: column as SortColumn, direction }
    : DEFAULT_SORT
}

/** Reads the address. Whatever makes no sense there counts as absent. */
export function readCatalogSearch(raw: RawSearch): CatalogSearch {
  const filters = Object.fromEntries(
    DIMENSIONS.map((dimension) => [
      dimension,
      dimension === 'owner' ? readOwners(raw) : readFilter(raw, dimension),
    ]),
  ) as Record<Dimension, string[]>
  const size = Number(raw.size?.[0])
  const starred = ofUser(raw, 'starred')
  return {
    filters,
    starred,
    text: (raw.q?.[0] ?? raw['filters[text]']?.[0] ?? '').trim(),
    sort: readSort(raw.sort?.[0]),
    size: PAGE_SIZES.find((offered) => offered === size) ?? PAGE_SIZES[0],
    ...readPlace(raw, starred),
  }
}

/** Writes the address, leaving out what is as it always is. */
export function writeCatalogSearch(search: CatalogSearch): RawSearch {
  const { filters, starred, text, sort, size, cursor, page } = search
  const raw: Record<string, readonly string[]> = {}
  for (const dimension of DIMENSIONS) {
    const values = filters[dimension].filter((value) => dimension !== 'owner' || value !== MINE)
    if (values.length > 0) raw[dimension] = values
  }
  const user = [...(isMine(search) ? ['owned'] : []), ...(starred ? ['starred'] : [])]
  if (user.length > 0) raw.user = user
  if (text) raw.q = [text]
  if (sort.column !== DEFAULT_SORT.column || sort.direction !== DEFAULT_SORT.direction) {
    raw.sort = [`${sort.direction === 'desc' ? '-' : ''}${sort.column}`]
  }
  if (size !== PAGE_SIZES[0]) raw.size = [String(size)]
  if (cursor) raw.cursor = [cursor]
  if (cursor || (starred && page > 1)) raw.page = [String(page)]
  return raw
}

/** The same catalog, narrowed differently: whoever narrows starts on the first page again. */
export function narrowed(
  search: CatalogSearch,
  change: Partial<Pick<CatalogSearch, 'starred' | 'text' | 'sort' | 'size'>> & {
    filters?: Partial<CatalogSearch['filters']>
  },
): CatalogSearch {
  const { cursor: _cursor, ...rest } = search
  return { ...rest, ...change, filters: { ...search.filters, ...change.filters }, page: 1 }
}

/** Whether the table shows what the person who looks owns. */
export const isMine = (search: CatalogSearch): boolean => search.filters.owner.includes(MINE)

/**
 * The same search with the references that somebody owns things by in the place of `MINE`. For
 * whom there are none it stays, and no entity is owned by it.
 */
export function ownedBy(search: CatalogSearch, refs: readonly string[]): CatalogSearch {
  if (!isMine(search) || refs.length === 0) return search
  const others = search.filters.owner.filter((value) => value !== MINE)
  const owner = [...new Set([...refs, ...others])]
  return { ...search, filters: { ...search.filters, owner } }
}

/** The same search with nothing left out of the table. */
export const widened = (search: CatalogSearch): CatalogSearch =>
  narrowed(search, { starred: false, text: '', filters: EVERYTHING.filters })

/** Whether anything is left out of the table. */
export const isNarrowed = (search: CatalogSearch): boolean =>
  search.starred ||
  search.text !== '' ||
  DIMENSIONS.some((dimension) => search.filters[dimension].length > 0)

/**
 * The filter parameter of the API: a comma means AND between different keys and OR between values
 * of the same key. `except` leaves one dimension out, to count what else could be chosen there.
 */
export function filterOf(search: CatalogSearch, except?: Dimension): string[] {
  const statements = DIMENSIONS.filter((dimension) => dimension !== except).flatMap((dimension) =>
    search.filters[dimension].map((value) => `${FACET_OF[dimension]}=${value}`),
  )
  return statements.length > 0 ? [statements.join(',')] : []
}
