import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import {
  type CatalogSearch,
  type RawSearch,
  readCatalogSearch,
  writeCatalogSearch,
} from '../api/catalog-search'
import { paths } from '../paths'

/** The query parameters in the form that the router's links take. */
export const linkSearch = (search: CatalogSearch): RawSearch => writeCatalogSearch(search)

/** What the address says about the table, and how to change it. */
export function useCatalogSearch() {
  const raw: RawSearch = useSearch({ strict: false })
  const search = useMemo(() => readCatalogSearch(raw), [raw])
  const navigate = useNavigate()

  /** Typing replaces the address, so that the back button leaves the page and not one letter. */
  const show = (next: CatalogSearch, { replace = false } = {}) =>
    void navigate({
      to: paths.catalog(),
      search: writeCatalogSearch(next),
      replace,
      resetScroll: false,
    })

  return { search, show }
}
