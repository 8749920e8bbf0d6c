import { answerOf, api, apiUrl } from './client'

/** `live`: changes arrive by themselves; `polling`: asked for now and then; `paused`: hidden tab. */
export type LiveState = 'connecting' | 'live' | 'polling' | 'paused'

interface Listener {
  onChange: () => void
  onState: (state: LiveState) => void
}

/** The first change shows at once; others that follow it closely are one change more. */
const REST_MS = 250
/** How often to ask, and to try the stream again, while there is none. */
const POLL_MS = 10_000

/**
 * Says when the catalog changed, until the returned function is called.
 *
 * A hidden tab closes its stream: browsers allow six connections to a server, and seven open tabs
 * would leave none for requests. A stream begins with the newest revision, so nothing that happened
 * in between is missed.
 */
export function watchCatalog({ onChange, onState }: Listener): () => void {
  let revision: number | undefined
  let source: EventSource | undefined
  let resting: ReturnType<typeof setTimeout> | undefined
  let pending = false
  let pollTimer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const tell = () => {
    onChange()
    pending = false
    resting = setTimeout(() => {
      resting = undefined
      if (pending) tell()
    }, REST_MS)
  }

  const seen = (next: number) => {
    const changed = revision !== undefined && next !== revision
    revision = next
    if (!changed) return
    if (resting) pending = true
    else tell()
  }

  const compare = async () => {
    const answer = await answerOf(api.GET('/api/catalog/revision')).catch(() => undefined)
    if (answer && !stopped) seen(answer.revision)
  }

  const close = () => {
    clearTimeout(pollTimer)
    source?.close()
    source = undefined
  }

  const poll = () => {
    close()
    onState('polling')
    pollTimer = setTimeout(() => {
      void compare()
      open()
    }, POLL_MS)
  }

  const open = () => {
    close()
    if (typeof EventSource === 'undefined') return poll()
    source = new EventSource(apiUrl('/api/catalog/revision/stream'))
    source.onopen = () => onState('live')
    source.onerror = () => {
      // The browser reconnects by itself after a dropped connection, but not after a refusal.
      if (source?.readyState === EventSource.CLOSED) poll()
      else onState('connecting')
    }
    source.addEventListener('revision', (event) => {
      const next = readRevision(event.data)
      if (next !== undefined) seen(next)
    })
  }

  const visibility = () => {
    if (document.visibilityState === 'visible') {
      onState('connecting')
      open()
    } else {
      close()
      onState('paused')
    }
  }

  document.addEventListener('visibilitychange', visibility)
  open()
  return () => {
    stopped = true
    document.removeEventListener('visibilitychange', visibility)
    clearTimeout(resting)
    close()
  }
}

function readRevision(data: unknown): number | undefined {
  try {
    const value: unknown = JSON.parse(String(data))
    const revision: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'revision') : undefined
    return typeof revision === 'number' ? revision : undefined
  } catch {
    return undefined
  }
}
