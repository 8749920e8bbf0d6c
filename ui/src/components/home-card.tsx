import { type ReactNode, useId } from 'react'
import type { PlacedCard } from '../api/home-layout'
import styles from './home-card.module.css'

/** The frame of a card on the home page. Every card is equally high, so that none moves when it fills. */
export function HomeCard({
  placed: { card, size },
  title,
  action,
  tools,
  isDragged = false,
  children,
}: {
  placed: PlacedCard
  title: string
  /** The way to all of it. */
  action?: ReactNode
  /** What arranges the card; there is nothing else to do with it then. */
  tools?: ReactNode
  isDragged?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section
      className={styles.card}
      aria-labelledby={id}
      data-home-card={card}
      data-size={size}
      data-arranging={tools ? true : undefined}
      data-dragged={isDragged || undefined}
    >
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {!tools && action && <span className={styles.action}>{action}</span>}
      </header>
      {tools}
      <div className={styles.body} inert={Boolean(tools)}>
        {children}
      </div>
    </section>
  )
}

/** Why a card has nothing in it, and what to do about it. */
export function HomeCardEmpty({
  icon,
  title,
  children,
}: {
  icon: ReactNode
  title: string
  children: ReactNode
}) {
  return (
    <div className={styles.empty}>
      {icon}
      <strong>{title}</strong>
      {children}
    </div>
  )
}

/** What is beside the rows of a card. */
export function HomeCardFoot({ children }: { children: ReactNode }) {
  return <div className={styles.foot}>{children}</div>
}
