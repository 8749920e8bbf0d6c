import { ChevronRight, ChevronsLeft } from 'lucide-react'
import { Button } from '../ui/button'
import styles from './audit-pager.module.css'

/** The way to older events, and back to the newest; the browser leads back page by page. */
export function AuditPager({
  isFirst,
  next,
  goTo,
}: {
  isFirst: boolean
  next: string | null | undefined
  goTo: (cursor: string) => void
}) {
  if (isFirst && !next) return null
  return (
    <nav className={styles.pager} aria-label="Pages">
      <Button disabled={isFirst} onClick={() => goTo('')}>
        <ChevronsLeft size={15} aria-hidden="true" />
        Newest
      </Button>
      <Button disabled={!next} onClick={() => next && goTo(next)}>
        Older
        <ChevronRight size={15} aria-hidden="true" />
      </Button>
    </nav>
  )
}
