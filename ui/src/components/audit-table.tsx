import type { AuditEvent, AuditSearch } from '../api/audit'
import { AuditRow } from './audit-row'
import styles from './audit-table.module.css'

/** One page of events; each opens to all that is known about it. */
export function AuditTable({
  events,
  isStale,
  narrow,
}: {
  events: readonly AuditEvent[]
  isStale: boolean
  narrow: (change: Partial<AuditSearch>) => void
}) {
  return (
    <div className={styles.frame} data-stale={isStale || undefined}>
      <table className={styles.table} aria-busy={isStale}>
        <caption className="visually-hidden">Events, the newest first</caption>
        <colgroup>
          <col />
          <col />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" data-hide="small">
              Who
            </th>
            <th scope="col">Outcome</th>
            <th scope="col" data-hide="small">
              When
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <AuditRow key={event.id} event={event} narrow={narrow} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
