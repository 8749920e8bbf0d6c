import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { summaries } from '../api/queries'
import { printRef } from '../api/ref'
import { useStars } from '../api/stars'
import { type Destination, destinationsOf, mostVisited } from '../api/visits'
import type { Summaries } from './entity-link'
import { useVisits } from './use-visits'

/** So many stars and visits are looked up; what is gone or hidden among them gives way to the next. */
const MOST_STARS = 100
const MOST_DESTINATIONS = 30

/** What the cards of the home page show of entities. All of them share one request. */
export function useHomeEntities() {
  const { stars } = useStars()
  const { visits } = useVisits()
  const destinations = useMemo(() => visits && destinationsOf(visits), [visits])
  const latestStars = useMemo(() => stars?.slice(-MOST_STARS).reverse(), [stars])
  const refs = useMemo(() => {
    if (!latestStars || !destinations) return []
    const visited = [
      ...destinations.slice(0, MOST_DESTINATIONS),
      ...mostVisited(destinations).slice(0, MOST_DESTINATIONS),
    ]
    const ofVisits = visited.flatMap(({ entityRef }) => (entityRef ? [printRef(entityRef)] : []))
    return [...new Set([...latestStars, ...ofVisits])].sort()
  }, [latestStars, destinations])
  const { data, isError } = useQuery(summaries(refs))
  const isKnown = data !== undefined || isError || refs.length === 0
  return {
    /** The latest star first; undefined until everything about them is known. */
    stars: isKnown ? latestStars : undefined,
    destinations: isKnown ? destinations : undefined,
    known: data,
  }
}

/** Those that are still there, and that one may see. */
export const stillThere = (
  destinations: readonly Destination[],
  known: Summaries | undefined,
): Destination[] =>
  destinations.filter(({ entityRef }) => !entityRef || known?.get(printRef(entityRef)) !== null)
