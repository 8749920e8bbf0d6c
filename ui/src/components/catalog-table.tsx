import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { CatalogSearch, Sort, SortColumn } from '../api/catalog-search'
import { narrowed } from '../api/catalog-search'
import { type Entity, relationsOf } from '../api/entity'
import { summaries } from '../api/queries'
import { printRef, refOf } from '../api/ref'
import { CatalogRow } from './catalog-row'
import styles from './catalog-table.module.css'
import { moveBetweenRows } from './row-keys'

const COLUMNS: { column: SortColumn; label: string; hide?: 'narrow' | 'small' }[] = [
  { column: 'name', label: 'Name' },
  { column: 'type', label: 'Type', hide: 'small' },
  { column: 'owner', label: 'Owner', hide: 'small' },
  { column: 'system', label: 'System', hide: 'narrow' },
  { column: 'lifecycle', label: 'Lifecycle', hide: 'small' },
]

const SORT_WORDS = { asc: 'ascending', desc: 'descending' } as const

/** The first click sorts upwards, the next one downwards. */
const nextSort = (sort: Sort, column: SortColumn): Sort => ({
  column,
  direction: sort.column === column && sort.direction === 'asc' ? 'desc' : 'asc',
})

/** One page of entities. The arrow keys move between rows, Enter opens one. */
export function CatalogTable({
  items,
  search,
  show,
  stale,
}: {
  items: readonly Entity[]
  search: CatalogSearch
  show: (next: CatalogSearch) => void
  stale: boolean
}) {
  const refs = items.flatMap((entity) => [
    ...relationsOf(entity, 'ownedBy'),
    ...relationsOf(entity, 'partOf'),
  ])
  const { data: known } = useQuery(summaries([...new Set(refs.map(printRef))].sort()))

  return (
    <div className={styles.frame} data-stale={stale || undefined}>
      <table className={styles.table} aria-busy={stale}>
        <caption className="visually-hidden">Entities in the catalog</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ column, label, hide }) => {
              const sorted = search.sort.column === column ? search.sort.direction : undefined
              const Arrow = sorted === 'desc' ? ArrowDown : ArrowUp
              return (
                <th
                  key={column}
                  scope="col"
                  data-hide={hide}
                  aria-sort={sorted ? SORT_WORDS[sorted] : 'none'}
                >
                  <button
                    type="button"
                    className={styles.sort}
                    data-sorted={sorted}
                    onClick={() => show(narrowed(search, { sort: nextSort(search.sort, column) }))}
                  >
                    {label}
                    <Arrow size={13} aria-hidden="true" />
                  </button>
                </th>
              )
            })}
            <th scope="col" data-hide="narrow">
              Tags
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {items.map((entity) => (
            <CatalogRow key={printRef(refOf(entity))} entity={entity} known={known} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
