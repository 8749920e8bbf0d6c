import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { me } from '../api/me'
import { useSetting } from '../api/settings'
import { visitNotesOf } from '../api/visit-notes'
import { REMEMBER, visitsOf, withSeen } from '../api/visits'
import { config } from '../config'

/** How long visits wait for others before they are written. */
const PAUSE_MS = 4_000

/** The visits of whoever looks, without those that are not kept yet. */
function useKeptVisits() {
  const { data } = useQuery({ ...me, enabled: config.signInRequired })
  const person = data?.user?.entityRef
  const setting = useMemo(() => visitsOf(person), [person])
  return useSetting(setting)
}

/** The visits of whoever looks, the latest first; undefined until they are known. */
export function useVisits() {
  const notes = visitNotesOf(useQueryClient())
  const seen = useSyncExternalStore(notes.subscribe, () => notes.seen)
  const { value, change } = useKeptVisits()
  const { value: remembers, change: changeRemembers } = useSetting(REMEMBER)
  const visits = useMemo(() => {
    if (value === undefined || remembers === undefined) return undefined
    return remembers ? withSeen(value, seen) : value
  }, [value, remembers, seen])
  return {
    visits,
    remembers,
    remember: (yes: boolean) =>
      changeRemembers(() => yes, { refusal: 'The choice about visits was not kept' }),
    forget: () => {
      notes.take()
      change(() => [], { refusal: 'The visits are not forgotten' })
    },
  }
}

/** Keeps visits: some seconds after the first of them, and before the page goes away. */
export function useVisitKeeper(): void {
  const notes = visitNotesOf(useQueryClient())
  const { change } = useKeptVisits()
  const { value: remembers } = useSetting(REMEMBER)

  // Timers, and the page going away, are outside React.
  useEffect(() => {
    if (remembers === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const keep = (leaving: boolean) => {
      clearTimeout(timer)
      timer = undefined
      const seen = notes.take()
      if (remembers && seen.length > 0) change((visits) => withSeen(visits, seen), { leaving })
    }
    const wait = () => {
      if (notes.seen.length > 0) timer ??= setTimeout(() => keep(false), PAUSE_MS)
    }
    const hide = () => {
      if (document.visibilityState === 'hidden') keep(true)
    }
    const stop = notes.subscribe(wait)
    document.addEventListener('visibilitychange', hide)
    wait()
    return () => {
      stop()
      document.removeEventListener('visibilitychange', hide)
      clearTimeout(timer)
    }
  }, [notes, change, remembers])
}
