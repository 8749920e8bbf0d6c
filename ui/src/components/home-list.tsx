import { Link } from '@tanstack/react-router'
import { FileText } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CardSize } from '../api/home-layout'
import type { EntityRef } from '../api/ref'
import styles from './home-list.module.css'
import { KindTile, kindName } from './kind-icon'

/** The most rows of a card; on the widest they stand in two columns. */
export const ROWS: Record<CardSize, number> = { S: 6, M: 6, L: 12 }

/** Pages that a card leads to. */
export function HomeList({
  label,
  size,
  children,
}: {
  label: string
  size: CardSize
  children: ReactNode
}) {
  return (
    <ul className={styles.list} aria-label={label} data-wide={size === 'L' || undefined}>
      {children}
    </ul>
  )
}

/** A page in a card. The whole row leads to it. */
export function HomeRow({
  path,
  title,
  entityRef,
  note,
  children,
}: {
  path: string
  title: string
  /** The entity that the page is about. */
  entityRef?: EntityRef | undefined
  note?: ReactNode
  /** What one can do with it. */
  children?: ReactNode
}) {
  return (
    <li>
      {entityRef ? (
        <KindTile kind={entityRef.kind} />
      ) : (
        <span className={styles.tile}>
          <FileText size={15} strokeWidth={1.75} aria-hidden="true" />
        </span>
      )}
      <div className={styles.words}>
        <Link to={path} search={{}} className={styles.title} title={title}>
          {title}
        </Link>
        <span className={styles.kind}>{entityRef ? kindName(entityRef.kind) : 'Page'}</span>
      </div>
      {note && <span className={styles.note}>{note}</span>}
      {children}
    </li>
  )
}

/** Where rows will be. */
export function HomeRowsBlank({ label }: { label: string }) {
  return (
    <div className={styles.blank} role="status" aria-label={label}>
      {[48, 62, 40, 55].map((width) => (
        <div key={width}>
          <i />
          <i style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  )
}
