import { BookX, ChevronDown, type LucideIcon, TriangleAlert, Unlink, UserX } from 'lucide-react'
import type { Flaw } from '../api/owned'
import { printRef, refOf } from '../api/ref'
import { EntityLink } from './entity-link'
import styles from './home-owned.module.css'

/** The most entities that are listed below a flaw. */
const MOST_LISTED = 50

const KINDS: Record<Flaw['id'], { icon: LucideIcon; tone: string; words: [string, string] }> = {
  problems: {
    icon: TriangleAlert,
    tone: 'danger',
    words: ['has problems', 'have problems'],
  },
  orphans: {
    icon: Unlink,
    tone: 'warning',
    words: ['is an orphan: no source delivers it', 'are orphans: no source delivers them'],
  },
  ownerless: {
    icon: UserX,
    tone: 'warning',
    words: ['has an owner that is not in the catalog', 'have owners that are not in the catalog'],
  },
  undocumented: {
    icon: BookX,
    tone: 'note',
    words: ['component has no docs', 'components have no docs'],
  },
}

/** What is wrong with what somebody owns; each line opens to the entities that it counts. */
export function HomeFlaws({ flaws }: { flaws: readonly Flaw[] }) {
  return (
    <ul className={styles.flaws} aria-label="What needs care">
      {flaws.map(({ id, entities }) => {
        const { icon: Icon, tone, words } = KINDS[id]
        const known = new Map(entities.map((entity) => [printRef(refOf(entity)), entity]))
        return (
          <li key={id}>
            <details>
              <summary data-tone={tone}>
                <Icon size={15} aria-hidden="true" />
                {entities.length.toLocaleString('en')} {words[entities.length === 1 ? 0 : 1]}
                <ChevronDown size={15} aria-hidden="true" />
              </summary>
              <ul className={styles.entities}>
                {entities.slice(0, MOST_LISTED).map((entity) => (
                  <li key={printRef(refOf(entity))}>
                    <EntityLink entityRef={refOf(entity)} summaries={known} icon />
                  </li>
                ))}
                {entities.length > MOST_LISTED && (
                  <li>and {(entities.length - MOST_LISTED).toLocaleString('en')} more</li>
                )}
              </ul>
            </details>
          </li>
        )
      })}
    </ul>
  )
}
