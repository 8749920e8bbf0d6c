import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { visitNotesOf } from '../api/visit-notes'

/**
 * Remembers that somebody looked at a page. Called with a page that is there: nothing is remembered
 * while it loads, or when there is none.
 */
export function useVisit(pathname: string | undefined, name: string, entityRef?: string): void {
  const client = useQueryClient()
  // Looking at a page is no event that React knows; it has happened when the page is drawn.
  useEffect(() => {
    if (pathname === undefined) return
    const page = { pathname, name, timestamp: Date.now() }
    visitNotesOf(client).add(entityRef === undefined ? page : { ...page, entityRef })
  }, [client, pathname, name, entityRef])
}
