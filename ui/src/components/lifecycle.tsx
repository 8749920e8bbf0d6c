import styles from './lifecycle.module.css'

/** The stage of life of an entity, with a colour for the usual stages. */
export function Lifecycle({ stage }: { stage: string }) {
  return (
    <span className={styles.lifecycle} data-stage={stage.toLowerCase()}>
      {stage}
    </span>
  )
}
