import type { Outcome } from '../api/audit'
import styles from './outcome-mark.module.css'

/** How something ended, with a colour for each way. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  return (
    <span className={styles.outcome} data-outcome={outcome}>
      {outcome}
    </span>
  )
}
