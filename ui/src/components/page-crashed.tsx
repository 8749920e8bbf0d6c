import type { ErrorComponentProps } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'

/** Shown when a page could not be drawn; most often its code changed while the tab was open. */
export function PageCrashed({ error }: ErrorComponentProps) {
  return (
    <Empty
      page
      title="This page could not be shown"
      icon={<TriangleAlert size={22} aria-hidden="true" />}
      actions={
        <Button primary onClick={() => window.location.reload()}>
          Load it again
        </Button>
      }
    >
      <p>
        If Callboard was upgraded while this tab was open, loading the page again helps. Otherwise
        please report what follows.
      </p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
    </Empty>
  )
}
