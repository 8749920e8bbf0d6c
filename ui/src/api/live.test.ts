// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type LiveState, watchCatalog } from './live'

/** A stream whose events the test sends itself. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null

  constructor(readonly url: string) {
    super()
    FakeSource.all.push(this)
  }

  close() {
    this.readyState = FakeSource.CLOSED
  }

  revision(data: string) {
    this.dispatchEvent(new MessageEvent('revision', { data }))
  }
}

const newest = (): FakeSource => {
  const source = FakeSource.all.at(-1)
  if (!source) throw new Error('no stream was opened')
  return source
}

let served = 1
let stop = () => {}
const onChange = vi.fn()
const states: LiveState[] = []

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('fetch', async () => Response.json({ revision: served }))
  FakeSource.all = []
  served = 1
  states.length = 0
  onChange.mockClear()
  stop = watchCatalog({ onChange, onState: (state) => states.push(state) })
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('the first change shows at once, and those that follow it closely are one more', async () => {
  newest().onopen?.()
  newest().revision('{"revision":1}')
  newest().revision('{"revision":2}')
  expect(onChange).toHaveBeenCalledTimes(1)
  newest().revision('{"revision":3}')
  newest().revision('{"revision":4}')
  await vi.advanceTimersByTimeAsync(1000)
  expect(onChange).toHaveBeenCalledTimes(2)
  expect(states).toEqual(['live'])
})

test('the first revision is where the page starts, and nonsense is no revision', async () => {
  newest().revision('{"revision":1}')
  newest().revision('not json')
  newest().revision('{"revision":"2"}')
  await vi.advanceTimersByTimeAsync(1000)
  expect(onChange).not.toHaveBeenCalled()
})

test('what changed while the stream was away is not missed', async () => {
  newest().revision('{"revision":1}')
  newest().onerror?.()
  newest().onopen?.()
  newest().revision('{"revision":2}')
  await vi.advanceTimersByTimeAsync(1000)
  expect(onChange).toHaveBeenCalledOnce()
  expect(states).toEqual(['connecting', 'live'])
})

test('a refused stream is asked for again later, and the revision in the meantime', async () => {
  newest().revision('{"revision":1}')
  newest().close()
  newest().onerror?.()
  expect(states).toEqual(['polling'])
  served = 2
  await vi.advanceTimersByTimeAsync(10_500)
  expect(onChange).toHaveBeenCalledOnce()
  expect(FakeSource.all).toHaveLength(2)
})

test('a hidden tab holds no connection', () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  expect(newest().readyState).toBe(FakeSource.CLOSED)
  expect(states).toEqual(['paused'])
})
