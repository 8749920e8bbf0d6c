import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** What stands where there is nothing to show: why, and what to do about it. */
export function Empty({
  title,
  icon,
  children,
  actions,
}: {
  title: string
  icon?: ReactNode
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <section className={styles.empty}>
      {icon && <div className={styles.icon}>{icon}</div>}
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.body}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  )
}
