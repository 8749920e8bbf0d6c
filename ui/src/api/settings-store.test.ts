// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { browserStore } from './settings-store'

const NAME = { bucket: 'default.home', key: 'layout' }
const PLACE = 'callboard.settings/default.home/layout'

afterEach(() => localStorage.clear())

test('the browser keeps what it is given, and anything may be there instead', async () => {
  expect(await browserStore.read(NAME)).toBeNull()
  await browserStore.write(NAME, [1], false)
  expect(await browserStore.read(NAME)).toEqual([1])
  localStorage.setItem(PLACE, '{"half":')
  expect(await browserStore.read(NAME)).toBeNull()
})

test('more than a server would keep is refused', async () => {
  await expect(browserStore.write(NAME, 'x'.repeat(70_000), false)).rejects.toThrow('more than')
  expect(localStorage.getItem(PLACE)).toBeNull()
})

test('a browser that keeps nothing has it until the page is closed', async () => {
  const blocked = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('blocked', 'SecurityError')
  })
  await browserStore.write(NAME, 'kept', false)
  expect(await browserStore.read(NAME)).toBe('kept')
  blocked.mockRestore()
  await browserStore.write(NAME, 'again', false)
  expect(localStorage.getItem(PLACE)).toBe('"again"')
})
