import { useInfiniteQuery } from '@tanstack/react-query'
import { History, Minus, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '../api/error'
import { entityHistory } from '../api/queries'
import type { EntityRef } from '../api/ref'
import { relativeTime } from '../api/relative-time'
import type { components } from '../api/schema'
import { Button } from '../ui/button'
import { Empty } from '../ui/empty'
import { ExternalLink } from '../ui/external-link'
import { ChangeList } from './change-list'
import styles from './entity-history.module.css'
import { ErrorView } from './error-view'

type HistoryEvent = components['schemas']['HistoryEvent']

const WHAT = {
  created: { icon: Plus, words: 'Created' },
  updated: { icon: Pencil, words: 'Changed' },
  deleted: { icon: Minus, words: 'Removed' },
} as const

/** Differences of one event that are shown before somebody asks for all. */
const FOLDED = 8

/** What happened to an entity, the newest first. */
export function EntityHistory({ entityRef }: { entityRef: EntityRef }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    entityHistory(entityRef),
  )
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty title="No history is kept" icon={<History size={22} aria-hidden="true" />}>
        <p>Whoever runs this portal switched the history of changes off.</p>
      </Empty>
    )
  }
  if (error && !data) {
    return <ErrorView title="The history did not load" error={error} onRetry={() => refetch()} />
  }
  if (!data) return <p className={styles.loading}>Looking up what happened…</p>
  const events = data.pages.flatMap((page) => page.items)
  if (events.length === 0) {
    return (
      <Empty title="Nothing has changed yet" icon={<History size={22} aria-hidden="true" />}>
        <p>Changes show here as they happen, with what is different and where it was written.</p>
      </Empty>
    )
  }
  return (
    <section aria-label="History" className={styles.history}>
      <ol className={styles.events}>
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
      {hasNextPage && (
        <Button onClick={() => fetchNextPage()} disabled={isFetchingNextPage}>
          {isFetchingNextPage ? 'Loading…' : 'Show older changes'}
        </Button>
      )}
      {error && (
        <p role="alert" className={styles.failed}>
          Older changes did not load: {error.message}
        </p>
      )}
    </section>
  )
}

function Event({ event }: { event: HistoryEvent }) {
  const [all, setAll] = useState(false)
  const changes = event.diff ?? []
  const shown = all ? changes : changes.slice(0, FOLDED)
  const { icon: Icon, words } = WHAT[event.eventType]
  return (
    <li className={styles.event} data-type={event.eventType}>
      <span className={styles.sign}>
        <Icon size={13} aria-hidden="true" />
      </span>
      <div className={styles.body}>
        <p className={styles.head}>
          <strong>{words}</strong> <Moment at={event.eventAt} />
        </p>
        <p className={styles.source}>
          <Source event={event} />
        </p>
        {changes.length > 0 && <ChangeList changes={shown} />}
        {changes.length > shown.length && (
          <Button onClick={() => setAll(true)}>Show all {changes.length} differences</Button>
        )}
        {Boolean(event.omittedChanges) && (
          <p className={styles.source}>and {event.omittedChanges} more that are not kept</p>
        )}
      </div>
    </li>
  )
}

function Moment({ at }: { at: string }) {
  const moment = new Date(at)
  return (
    <time dateTime={at} title={moment.toLocaleString()} className={styles.time}>
      {relativeTime(moment, new Date())}
    </time>
  )
}

/** Where the change was written; what others say of the entity is written at theirs. */
function Source({ event }: { event: HistoryEvent }) {
  if (!event.source) {
    if (event.eventType !== 'updated') return <>source not known</>
    const fromOthers = event.diff?.every(({ path }) => path === 'relations')
    return <>{fromOthers ? 'through its relations to others' : 'found while it was processed'}</>
  }
  const url = /^url:(https?:.+)$/.exec(event.source)?.[1]
  if (url) return <ExternalLink url={url}>{url.replace(/^https?:\/\//, '')}</ExternalLink>
  return <code>{event.source.replace(/^file:/, '')}</code>
}
