import { BookOpen, SearchX, Star } from 'lucide-react'
import { type CatalogSearch, isNarrowed, narrowed, widened } from '../api/catalog-search'
import { useStars } from '../api/stars'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'

const EXAMPLE = `catalog:
  locations:
    - type: file
      target: ../my-company/**/catalog-info.yaml`

/** Why the table has no rows: nothing matches, or there is nothing at all. */
export function CatalogEmpty({
  search,
  show,
}: {
  search: CatalogSearch
  show: (next: CatalogSearch) => void
}) {
  const { stars } = useStars()
  if (search.cursor || search.page > 1) {
    return (
      <Empty
        title="This page is empty now"
        icon={<SearchX size={22} aria-hidden="true" />}
        actions={
          <Button primary onClick={() => show(narrowed(search, {}))}>
            Go to the first page
          </Button>
        }
      >
        <p>The catalog changed since this address was made.</p>
      </Empty>
    )
  }
  if (search.starred && stars?.length === 0) {
    return (
      <Empty
        title="Nothing is starred yet"
        icon={<Star size={22} aria-hidden="true" />}
        actions={
          <Button primary onClick={() => show(widened(search))}>
            Show everything
          </Button>
        }
      >
        <p>The star beside a name keeps an entity here and on your home page.</p>
      </Empty>
    )
  }
  if (isNarrowed(search)) {
    return (
      <Empty
        title="Nothing matches"
        icon={<SearchX size={22} aria-hidden="true" />}
        actions={
          <Button primary onClick={() => show(widened(search))}>
            Clear all filters
          </Button>
        }
      >
        <p>
          {search.text ? `No entity with “${search.text}” in its name or description` : 'No entity'}{' '}
          passes the chosen filters.
        </p>
      </Empty>
    )
  }
  return (
    <Empty title="The catalog is empty" icon={<BookOpen size={22} aria-hidden="true" />}>
      <p>
        Tell Callboard where your <code>catalog-info.yaml</code> files are. In{' '}
        <code>app-config.yaml</code>, beside where you started it:
      </p>
      <pre>{EXAMPLE}</pre>
      <p>
        <code>callboard validate PATH</code> says what is wrong with files that do not show up here.
      </p>
    </Empty>
  )
}
