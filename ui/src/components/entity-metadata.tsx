import { Link2 } from 'lucide-react'
import type { Entity } from '../api/entity'
import { safeLocationUrl, safeUrl } from '../api/safe-url'
import { Card } from '../ui/card'
import { ExternalLink } from '../ui/external-link'
import styles from './entity-metadata.module.css'

/** Links, labels and annotations: what the owners wrote down about an entity. */
export function EntityMetadata({ entity }: { entity: Entity }) {
  const { links = [], labels = {}, annotations = {} } = entity.metadata
  const labelEntries = Object.entries(labels)
  const annotationEntries = Object.entries(annotations)
  return (
    <>
      {links.length > 0 && (
        <Card title="Links">
          <ul className={styles.links}>
            {links.map((link) => (
              <li key={`${link.url} ${link.title}`}>
                <Link2 size={14} aria-hidden="true" />
                <ExternalLink url={link.url}>{link.title ?? link.url}</ExternalLink>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {labelEntries.length > 0 && (
        <Card title="Labels" note={labelEntries.length}>
          <Pairs entries={labelEntries} />
        </Card>
      )}
      {annotationEntries.length > 0 && (
        <details className={styles.details}>
          <summary>
            Annotations <span>{annotationEntries.length}</span>
          </summary>
          <Pairs entries={annotationEntries} />
        </details>
      )}
    </>
  )
}

function Pairs({ entries }: { entries: [key: string, value: string][] }) {
  return (
    <dl className={styles.pairs}>
      {entries
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <ExternalLink url={safeUrl(value) ?? safeLocationUrl(value)}>
                {value === '' ? '(empty)' : value}
              </ExternalLink>
            </dd>
          </div>
        ))}
    </dl>
  )
}
