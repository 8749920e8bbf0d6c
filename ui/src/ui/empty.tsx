import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** What stands where there is nothing to show: why, and what to do about it. */
export function Empty({
  title,
  icon,
  children,
  actions,
  page = false,
}: {
  title: string
  icon?: ReactNode
  children?: ReactNode
  actions?: ReactNode
  /** Whether this is all there is on the page, so that its title is the page's heading. */
  page?: boolean
}) {
  const Heading = page ? 'h1' : 'h2'
  return (
    <section className={styles.empty}>
      {icon && <div className={styles.icon}>{icon}</div>}
      <Heading className={styles.title}>{title}</Heading>
      {children && <div className={styles.body}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  )
}
