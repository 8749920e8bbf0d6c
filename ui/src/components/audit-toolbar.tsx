import {
  ALL_EVENTS,
  type AuditEvent,
  type AuditSearch,
  actorOf,
  EVENTS,
  isNarrowed,
  OUTCOMES,
  type Outcome,
} from '../api/audit'
import { Button } from '../ui/button'
import { InlineField } from '../ui/inline-field'
import styles from './audit-toolbar.module.css'

/** Everything that narrows the events. */
export function AuditToolbar({
  search,
  events,
  narrow,
}: {
  search: AuditSearch
  events: readonly AuditEvent[]
  narrow: (change: Partial<AuditSearch>) => void
}) {
  const { actor, event, outcome, from, to } = search
  const seen = events.map((shown) => shown.event)
  const names = [...new Set([...EVENTS, ...seen, ...(event ? [event] : [])])].sort()
  /** What is written counts once the field is left, or confirmed: half a name is nobody's. */
  const writeActor = (text: string) => {
    const written = actorOf(text)
    if (written !== actor) narrow({ actor: written })
  }
  return (
    <fieldset className={styles.toolbar}>
      <legend className="visually-hidden">Filters</legend>
      <InlineField label="Who" active={actor !== ''}>
        <input
          key={actor}
          type="text"
          className={styles.actor}
          defaultValue={actor}
          placeholder="user:default/ada"
          autoComplete="off"
          spellCheck={false}
          onBlur={({ currentTarget }) => writeActor(currentTarget.value)}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Enter') writeActor(currentTarget.value)
          }}
        />
      </InlineField>
      <InlineField label="What" active={event !== ''}>
        <select
          className={styles.event}
          value={event}
          onChange={({ target }) => narrow({ event: target.value })}
        >
          <option value="">anything</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </InlineField>
      <InlineField label="Outcome" active={outcome !== ''}>
        <select
          className={styles.outcome}
          value={outcome}
          onChange={({ target }) => narrow({ outcome: target.value as Outcome | '' })}
        >
          <option value="">any</option>
          {OUTCOMES.map((way) => (
            <option key={way}>{way}</option>
          ))}
        </select>
      </InlineField>
      <InlineField label="From" active={from !== ''}>
        <input
          type="date"
          value={from}
          max={to}
          onChange={({ target }) => narrow({ from: target.value })}
        />
      </InlineField>
      <InlineField label="Until" active={to !== ''}>
        <input
          type="date"
          value={to}
          min={from}
          onChange={({ target }) => narrow({ to: target.value })}
        />
      </InlineField>
      {isNarrowed(search) && (
        <Button className={styles.clear} onClick={() => narrow(ALL_EVENTS)}>
          Clear
        </Button>
      )}
    </fieldset>
  )
}
