import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type CatalogSearch, narrowed, PAGE_SIZES } from '../api/catalog-search'
import { Button } from '../ui/button'
import styles from './pager.module.css'

/** Which part of the matches is shown, and the way to the others. */
export function Pager({
  search,
  show,
  shown,
  total,
  next,
  previous,
}: {
  search: CatalogSearch
  show: (next: CatalogSearch) => void
  shown: number
  total: number
  next: string | null | undefined
  previous: string | null | undefined
}) {
  const first = (search.page - 1) * search.size + 1
  const last = Math.min(total, first + shown - 1)
  const goTo = (page: number, cursor: string) => {
    // The first page needs no cursor, and without one its address stays short and lasting.
    if (page <= 1) show(narrowed(search, {}))
    // Pages of starred entities are counted.
    else show(search.starred ? { ...search, page } : { ...search, cursor, page })
  }

  return (
    <nav className={styles.pager} aria-label="Pages">
      <label className={styles.size}>
        Rows
        <select
          value={search.size}
          onChange={(event) => show(narrowed(search, { size: Number(event.target.value) }))}
        >
          {PAGE_SIZES.map((size) => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </label>
      <span className={styles.range}>
        {first.toLocaleString('en')}–{last.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
      <Button disabled={!previous} onClick={() => previous && goTo(search.page - 1, previous)}>
        <ChevronLeft size={15} aria-hidden="true" />
        Previous
      </Button>
      <Button disabled={!next} onClick={() => next && goTo(search.page + 1, next)}>
        Next
        <ChevronRight size={15} aria-hidden="true" />
      </Button>
    </nav>
  )
}
