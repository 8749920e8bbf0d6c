import { array, assert, constantFrom, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { highlightYaml } from './highlight-yaml'

const colours = (source: string) =>
  highlightYaml(source).map((line) => line.map(({ kind, text }) => `${kind}<${text}>`).join(''))

const piece = constantFrom('  ', 'key', ':', ' ', '- ', '|', '\n', '"', "'", '#', 'true', '12', '{')

test('colouring never changes a character', () => {
  assert(
    property(array(piece, { maxLength: 40 }), string(), (pieces, rest) => {
      const source = pieces.join('') + rest
      const again = highlightYaml(source).map((line) => line.map(({ text }) => text).join(''))
      expect(again.join('\n')).toBe(source)
    }),
  )
})

test('keys, texts and literals are told apart', () => {
  expect(colours('name: cart\nport: 80\n- on: true\n"a b": # why')).toEqual([
    'key<name>plain<:>text< cart>',
    'key<port>plain<:>literal< 80>',
    'plain<- >key<on>plain<:>literal< true>',
    'key<"a b">plain<:>comment< # why>',
  ])
})

test('a block scalar is text until its indent ends', () => {
  expect(colours('a: |\n  x: 1\n\nb: 2')).toEqual([
    'key<a>plain<:>plain< |>',
    'text<  x: 1>',
    'text<>',
    'key<b>plain<:>literal< 2>',
  ])
})

test('a line of a hundred thousand characters comes to an end', () => {
  // An expression that backtracks would run into the time limit of the test runner.
  expect(highlightYaml(`${'a '.repeat(50_000)}"${'\\"'.repeat(50_000)}`)).toHaveLength(1)
})
