// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { parseConfig } from './config'

test('what is not injected has a default', () => {
  expect(parseConfig(null)).toEqual(parseConfig('{}'))
  expect(parseConfig('').navigation).toEqual([
    { title: 'Catalog', path: '/catalog', icon: 'catalog' },
  ])
})

test('the base path loses its last slash, so that paths can be appended', () => {
  expect(parseConfig('{"basePath":"/"}').basePath).toBe('')
  expect(parseConfig('{"basePath":"/portal/"}').basePath).toBe('/portal')
})

test('malformed parts are left out and the rest is kept', () => {
  const json =
    '{"title":7,"version":"1.2.0","navigation":[{"title":"Docs","path":"/docs"},{"path":"javascript:x","title":"x"},3]}'
  expect(parseConfig(json)).toEqual({
    title: 'Callboard',
    basePath: '',
    version: '1.2.0',
    navigation: [{ title: 'Docs', path: '/docs', icon: 'page' }],
    signInRequired: false,
  })
  expect(parseConfig('not json').title).toBe('Callboard')
})
