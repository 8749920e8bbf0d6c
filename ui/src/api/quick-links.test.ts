import { expect, test } from 'vitest'
import { readLinks, typedUrl } from './quick-links'

test('links are read if a browser may follow them, each address once', () => {
  const wiki = { title: 'Wiki', url: 'https://wiki.example.com/' }
  const wild = [wiki, { ...wiki, title: 'Again' }, { title: 'No', url: 'javascript:alert(1)' }, 7]
  expect(readLinks(wild)).toEqual([wiki])
  expect(readLinks('x')).toEqual([])
})

test('people leave out what goes without saying', () => {
  expect(typedUrl(' wiki.example.com/home ')).toBe('https://wiki.example.com/home')
  expect(typedUrl('localhost:3000')).toBe('https://localhost:3000/')
  expect(typedUrl('http://wiki')).toBe('http://wiki/')
  expect(typedUrl('javascript:alert(1)')).toBeUndefined()
  expect(typedUrl('mailto:a@b.example')).toBeUndefined()
  expect(typedUrl('')).toBeUndefined()
})
