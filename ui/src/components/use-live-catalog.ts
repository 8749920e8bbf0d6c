import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type LiveState, watchCatalog } from '../api/live'

/** Keeps every answer of the catalog fresh, and says how. */
export function useLiveCatalog(): LiveState {
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  // An open stream is a resource outside React: it lives exactly as long as the frame of the page.
  useEffect(
    () =>
      watchCatalog({
        onChange: () => void queries.invalidateQueries({ queryKey: ['catalog'] }),
        onState: (next) => {
          setState(next)
          // The server is back: what failed while it was away is worth another try.
          if (next === 'live') {
            void queries.refetchQueries({
              queryKey: ['catalog'],
              predicate: (query) => query.state.status === 'error',
            })
          }
        },
      }),
    [queries],
  )
  return state
}
