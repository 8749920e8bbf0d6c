import type { Myself } from './me'
import { parseRef } from './ref'

/** What one says at this hour where the reader is. */
function wish(hour: number): string {
  if (hour >= 5 && hour < 12) return 'Good morning'
  return hour >= 12 && hour < 18 ? 'Good afternoon' : 'Good evening'
}

/** Greets a person by the name that is known of them. */
export function greeting({ displayName, entityRef }: Myself, now: Date): string {
  const name = displayName?.trim() || (parseRef(entityRef)?.name ?? entityRef)
  return `${wish(now.getHours())}, ${name}`
}
