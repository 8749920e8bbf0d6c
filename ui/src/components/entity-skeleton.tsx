import styles from './entity-skeleton.module.css'

/** Where an entity's page will be. */
export function EntitySkeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label="Loading the entity">
      <span style={{ width: 140, height: 12 }} />
      <div>
        <span style={{ width: 48, height: 48, borderRadius: 12 }} />
        <span style={{ width: 260, height: 22 }} />
      </div>
      <span style={{ width: '52%', height: 12 }} />
      <span style={{ width: '100%', height: 1, margin: '30px 0 14px' }} />
      <span style={{ width: '68%', height: 160, borderRadius: 12 }} />
    </div>
  )
}
