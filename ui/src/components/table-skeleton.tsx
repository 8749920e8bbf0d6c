import styles from './table-skeleton.module.css'

const ROWS = Array.from({ length: 12 }, (_, row) => row)

/** Where the table will be: the same heights, so that nothing jumps. */
export function TableSkeleton({ label }: { label: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={label}>
      <div className={styles.head} />
      {ROWS.map((row) => (
        <div key={row} className={styles.row}>
          <span className={styles.tile} />
          <span className={styles.words}>
            <span style={{ width: `${22 + ((row * 7) % 14)}%` }} />
            <span style={{ width: `${38 + ((row * 11) % 24)}%` }} />
          </span>
        </div>
      ))}
    </div>
  )
}
