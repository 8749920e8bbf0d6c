import { useMemo } from 'react'
import { listOf } from './json'
import { parseRef, printRef } from './ref'
import { type Setting, useSetting } from './settings'

/** More would be no favourites any more, and the catalog could not be asked for them at once. */
export const MOST_STARS = 500

/** References of entities in their canonical form, the latest star last. */
export const readStars = (raw: unknown): readonly string[] => {
  const refs = listOf(raw).flatMap((value) => {
    const ref = typeof value === 'string' ? parseRef(value) : undefined
    return ref ? [printRef(ref)] : []
  })
  return [...new Set(refs)].slice(-MOST_STARS)
}

/** Where Backstage keeps them. */
export const STARS: Setting<readonly string[]> = {
  bucket: 'default.starredEntities',
  key: 'entityRefs',
  read: readStars,
}

/** What somebody starred, and how to change that. */
export function useStars() {
  const { value: stars, change, error, refetch } = useSetting(STARS)
  const known = useMemo(() => new Set(stars), [stars])
  return {
    /** Undefined until they are known. */
    stars,
    error,
    refetch,
    isStarred: (ref: string): boolean => known.has(ref),
    star: (ref: string) =>
      change((refs) => [...refs.filter((one) => one !== ref), ref].slice(-MOST_STARS), {
        refusal: 'The star was not kept',
      }),
    /** Takes stars away. */
    unstar: (...gone: readonly string[]) =>
      change((refs) => refs.filter((ref) => !gone.includes(ref)), {
        refusal: 'The star is still there',
      }),
  }
}
