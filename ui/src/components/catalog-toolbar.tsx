import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  type CatalogSearch,
  DIMENSIONS,
  type Dimension,
  EVERYTHING,
  isNarrowed,
  narrowed,
} from '../api/catalog-search'
import { titleOf } from '../api/entity'
import { dimensionCounts, type FacetCount, summaries } from '../api/queries'
import { parseRef, shortName } from '../api/ref'
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

/** Everything that narrows the table; each filter counts what the other filters leave. */
export function CatalogToolbar({
  search,
  show,
}: {
  search: CatalogSearch
  show: (next: CatalogSearch, how?: { replace: boolean }) => void
}) {
  const { data: counts } = useQuery(dimensionCounts(search.filters, search))
  // There may be hundreds of owners: their titles are fetched when somebody looks at the list.
  const [ownersListed, setOwnersListed] = useState(false)
  const listed = ownersListed ? (counts?.owner ?? []).map(({ value }) => value) : []
  const ownerRefs = [...new Set([...search.filters.owner, ...listed])]
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
        {DIMENSIONS.map((dimension) => (
          <FilterMenu
            key={dimension}
            label={LABELS[dimension]}
            options={(counts?.[dimension] ?? []).map(option(dimension))}
            chosen={search.filters[dimension]}
            onChange={(values) => show(narrowed(search, { filters: { [dimension]: values } }))}
            onOpen={() => dimension === 'owner' && setOwnersListed(true)}
          />
        ))}
        {isNarrowed(search) && (
          <Button
            className={styles.clear}
            onClick={() =>
              show(narrowed(search, { text: EVERYTHING.text, filters: EVERYTHING.filters }))
            }
          >
            Clear
          </Button>
        )}
      </fieldset>
    </div>
  )
}
