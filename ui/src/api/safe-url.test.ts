import { expect, test } from 'vitest'
import { safeLocationUrl, safeUrl } from './safe-url'

test.each([
  ['https://example.com/a b', 'https://example.com/a%20b'],
  ['HTTP://example.com', 'http://example.com/'],
  ['mailto:ada@example.com', 'mailto:ada@example.com'],
])('%s may be followed', (text, expected) => expect(safeUrl(text)).toBe(expected))

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  '  javascript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://example.com/1',
  '//example.com',
  '/catalog',
  'example.com',
  '',
  undefined,
])('%j is text and no link', (text) => expect(safeUrl(text)).toBeUndefined())

test('a location is a link only when it is a url: of a safe scheme', () => {
  expect(safeLocationUrl('url:https://example.com/x')).toBe('https://example.com/x')
  expect(safeLocationUrl('file:/etc/passwd')).toBeUndefined()
  expect(safeLocationUrl('url:javascript:alert(1)')).toBeUndefined()
  expect(safeLocationUrl('https://example.com')).toBeUndefined()
})
