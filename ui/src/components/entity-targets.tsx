import { safeUrl } from '../api/safe-url'
import { Card } from '../ui/card'
import { ExternalLink } from '../ui/external-link'
import styles from './entity-targets.module.css'

/** Where a Location points; what is found there is in the catalog because of it. */
export function EntityTargets({ targets }: { targets: readonly string[] }) {
  return (
    <Card title="Targets" note={targets.length}>
      <ul className={styles.targets}>
        {targets.map((target) => (
          <li key={target}>
            <ExternalLink url={safeUrl(target)}>{target}</ExternalLink>
          </li>
        ))}
      </ul>
    </Card>
  )
}
