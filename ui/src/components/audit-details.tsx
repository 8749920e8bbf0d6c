import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AuditEvent, AuditSearch } from '../api/audit'
import { parseRef } from '../api/ref'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import styles from './audit-details.module.css'

/** All that is known about an event, and the way to others that are like it. */
export function AuditDetails({
  event,
  narrow,
}: {
  event: AuditEvent
  narrow: (change: Partial<AuditSearch>) => void
}) {
  const { actor, requestId } = event
  return (
    <div className={styles.all}>
      <dl className={styles.facts}>
        <Fact name="time in UTC">{event.at}</Fact>
        {actor && (
          <Fact name="who">
            <Actor actor={actor} />
          </Fact>
        )}
        {requestId && (
          <Fact name="request">
            <code>{requestId}</code>
            <CopyButton text={requestId} label="Copy the id of the request" compact />
          </Fact>
        )}
        {Object.entries(event.details).map(([name, value]) => (
          <Fact key={name} name={name}>
            <Value value={value} />
          </Fact>
        ))}
        <Fact name="event">
          <code>{event.id}</code>
        </Fact>
      </dl>
      <div className={styles.like}>
        {actor && <Button onClick={() => narrow({ actor })}>Show only {actor}</Button>}
        <Button onClick={() => narrow({ event: event.event })}>Show only {event.event}</Button>
      </div>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** People lead to their entities; programs and guests have none. */
function Actor({ actor }: { actor: string }) {
  const ref = parseRef(actor)
  if (ref?.kind !== 'user') return <code>{actor}</code>
  return (
    <Link to={paths.entity(ref)} search={{}}>
      {actor}
    </Link>
  )
}

/** A text as it is, anything else as JSON. */
function Value({ value }: { value: unknown }) {
  if (typeof value === 'string') return value === '' ? <em>empty</em> : value
  if (typeof value !== 'object' || value === null) return String(value)
  return <pre>{JSON.stringify(value, undefined, 2)}</pre>
}
