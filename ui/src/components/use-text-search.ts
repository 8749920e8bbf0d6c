import { useNavigate, useSearch } from '@tanstack/react-router'
import type { RawSearch } from '../api/catalog-search'

/** The text that a page is searched for, which stands in its address, and how to change it. */
export function useTextSearch(page: string): [string, (text: string) => void] {
  const raw: RawSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const search = (text: string) =>
    void navigate({
      to: page,
      search: text ? { q: [text] } : {},
      replace: true,
      resetScroll: false,
    })
  return [raw.q?.[0] ?? '', search]
}
