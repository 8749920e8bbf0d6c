import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

/** How long a new page may take to say what it is called. */
const TITLE_AFTER_MS = 300

/**
 * Tells people who do not see the screen that another page is there: hands out its title to be
 * read aloud, and gives the focus to the page when what had it went away with the old one.
 */
export function useArrival(): string {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const seen = useRef<string>(undefined)
  const [title, setTitle] = useState('')

  // Focus and the document's title live outside React.
  useEffect(() => {
    const before = seen.current
    seen.current = path
    if (before === undefined || before === path) return
    const timer = setTimeout(() => {
      setTitle(document.title)
      if (document.activeElement === document.body) {
        document.getElementById('main')?.focus({ preventScroll: true })
      }
    }, TITLE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [path])

  return title
}
