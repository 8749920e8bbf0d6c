import { expect, test } from 'vitest'
import { relativeTime } from './relative-time'

test.each([
  ['2026-03-10T12:00:00Z', 'just now'],
  ['2026-03-10T11:59:01Z', 'just now'],
  ['2026-03-10T11:58:30Z', '1 minute ago'],
  ['2026-03-10T09:00:00Z', '3 hours ago'],
  ['2026-03-09T11:00:00Z', 'yesterday'],
  ['2026-01-01T12:00:00Z', '2 months ago'],
  ['2024-01-01T12:00:00Z', '2 years ago'],
  // The server's clock may be a little ahead.
  ['2026-03-10T12:00:02Z', 'just now'],
])('%s is %s', (moment, said) => {
  expect(relativeTime(new Date(moment), new Date('2026-03-10T12:00:00Z'))).toBe(said)
})
