import { useQuery } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import { useState } from 'react'
import { dimensionCounts } from '../api/catalog-page'
import {
  type CatalogSearch,
  DIMENSIONS,
  type Dimension,
  isMine,
  isNarrowed,
  MINE,
  narrowed,
  widened,
} from '../api/catalog-search'
import { titleOf } from '../api/entity'
import { me } from '../api/me'
import { type FacetCount, summaries } from '../api/queries'
import { parseRef, shortName } from '../api/ref'
import { useStars } from '../api/stars'
import { config } from '../config'
import { Button } from '../ui/button'
import { FilterMenu, type FilterOption } from '../ui/filter-menu'
import { SearchField } from '../ui/search-field'
import styles from './catalog-toolbar.module.css'
import type { Summaries } from './entity-link'
import { kindPlural } from './kind-icon'
import { focusFirstRow } from './row-keys'

const LABELS: Record<Dimension, string> = {
  kind: 'Kind',
  type: 'Type',
  owner: 'Owner',
  lifecycle: 'Lifecycle',
  tag: 'Tag',
}

function labelOf(dimension: Dimension, value: string, owners: Summaries | undefined): string {
  if (dimension === 'kind') return kindPlural(value)
  if (dimension !== 'owner') return value
  const owner = owners?.get(value)
  const ref = parseRef(value)
  return owner ? titleOf(owner) : ref ? shortName(ref) : value
}

/** What is chosen in the menu of a dimension; "owned by me" has a button of its own. */
const chosenOf = (search: CatalogSearch, dimension: Dimension): readonly string[] =>
  search.filters[dimension].filter((value) => dimension !== 'owner' || value !== MINE)

/** Everything that narrows the table; each filter counts what the other filters leave. */
export function CatalogToolbar({
  search,
  show,
}: {
  search: CatalogSearch
  show: (next: CatalogSearch, how?: { replace: boolean }) => void
}) {
  const { stars } = useStars()
  const { data: counts } = useQuery(dimensionCounts(search, stars))
  // There may be hundreds of owners: their titles are fetched when somebody looks at the list.
  const [ownersListed, setOwnersListed] = useState(false)
  const listed = ownersListed ? (counts?.owner ?? []).map(({ value }) => value) : []
  const ownerRefs = [...new Set([...chosenOf(search, 'owner'), ...listed])]
  const { data: owners } = useQuery(summaries(ownerRefs))

  const option =
    (dimension: Dimension) =>
    ({ value, count }: FacetCount): FilterOption => {
      const lower = value.toLowerCase()
      return { value: lower, count, label: labelOf(dimension, value, owners) }
    }

  return (
    <div className={styles.toolbar}>
      <SearchField
        label="Search by name or description"
        text={search.text}
        onChange={(text) => show(narrowed(search, { text }), { replace: true })}
        onArrowDown={focusFirstRow}
      />
      <fieldset className={styles.filters}>
        <legend className="visually-hidden">Filters</legend>
        <Mine search={search} show={show} />
        <Button
          className={styles.mine}
          aria-pressed={search.starred}
          onClick={() => show(narrowed(search, { starred: !search.starred }))}
        >
          <Star size={14} aria-hidden="true" fill={search.starred ? 'currentColor' : 'none'} />
          Starred
        </Button>
        {DIMENSIONS.map((dimension) => (
          <FilterMenu
            key={dimension}
            label={LABELS[dimension]}
            options={(counts?.[dimension] ?? []).map(option(dimension))}
            chosen={chosenOf(search, dimension)}
            onChange={(values) => {
              const mine = dimension === 'owner' && isMine(search) ? [MINE] : []
              show(narrowed(search, { filters: { [dimension]: [...mine, ...values] } }))
            }}
            onOpen={() => dimension === 'owner' && setOwnersListed(true)}
          />
        ))}
        {isNarrowed(search) && (
          <Button className={styles.clear} onClick={() => show(widened(search))}>
            Clear
          </Button>
        )}
      </fieldset>
    </div>
  )
}

/** What is owned by the person who looks; nothing where nobody is signed in. */
function Mine({ search, show }: { search: CatalogSearch; show: (next: CatalogSearch) => void }) {
  const { data } = useQuery({ ...me, enabled: config.signInRequired })
  const pressed = isMine(search)
  if (!data?.user && !pressed) return null
  const others = chosenOf(search, 'owner')
  const owner = pressed ? others : [MINE, ...others]
  return (
    <Button
      className={styles.mine}
      aria-pressed={pressed}
      onClick={() => show(narrowed(search, { filters: { owner } }))}
    >
      Owned by me
    </Button>
  )
}
