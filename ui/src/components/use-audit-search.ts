import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type AuditSearch, readAuditSearch, writeAuditSearch } from '../api/audit'
import type { RawSearch } from '../api/catalog-search'
import { paths } from '../paths'

/** What the address says about the audit page, and how to change it. */
export function useAuditSearch() {
  const raw: RawSearch = useSearch({ strict: false })
  const search = useMemo(() => readAuditSearch(raw), [raw])
  const navigate = useNavigate()

  /** Whoever narrows starts on the first page again. */
  const change = (change: Partial<AuditSearch>) =>
    void navigate({
      to: paths.audit(),
      search: writeAuditSearch({ ...search, cursor: '', ...change }),
      resetScroll: 'cursor' in change,
    })

  return { search, change }
}
