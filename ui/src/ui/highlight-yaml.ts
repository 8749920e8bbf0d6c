/** What a piece of YAML is. */
export type TokenKind = 'plain' | 'key' | 'text' | 'literal' | 'comment'

/** A piece of a line. Joined, the pieces of a line are the line again. */
export interface Token {
  kind: TokenKind
  text: string
}

const KEY = /^(\s*(?:- )*)((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#:"'[\]{},][^:#]*?))(:)(?=\s|$)/
const BLOCK = /[|>][+-]?\d?[+-]?$/
const LITERAL = /^(?:true|false|null|~|[-+]?\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?)$/i

const indentOf = (line: string): number => line.length - line.trimStart().length

function valueTokens(text: string): Token[] {
  const value = text.trim()
  if (value === '') return text === '' ? [] : [{ kind: 'plain', text }]
  if (value.startsWith('#')) return [{ kind: 'comment', text }]
  if (LITERAL.test(value)) return [{ kind: 'literal', text }]
  return [{ kind: BLOCK.test(value) && value.length < 5 ? 'plain' : 'text', text }]
}

function lineTokens(line: string): Token[] {
  const [whole, lead = '', key = '', colon = ''] = KEY.exec(line) ?? []
  if (whole === undefined) {
    const [dash = ''] = /^\s*(?:- )*/.exec(line) ?? []
    const rest = valueTokens(line.slice(dash.length))
    return dash === '' ? rest : [{ kind: 'plain', text: dash }, ...rest]
  }
  const tokens: Token[] = [
    { kind: 'key', text: key },
    { kind: 'plain', text: colon },
    ...valueTokens(line.slice(whole.length)),
  ]
  return lead === '' ? tokens : [{ kind: 'plain', text: lead }, ...tokens]
}

/** Colours for YAML, line by line; enough to read it, with no parser to load. */
export function highlightYaml(source: string): Token[][] {
  // Lines of a block scalar are text, whatever they look like, until the indent ends.
  let block: number | undefined
  return source.split('\n').map((line) => {
    if (block !== undefined) {
      if (line.trim() === '' || indentOf(line) > block) return [{ kind: 'text', text: line }]
      block = undefined
    }
    if (BLOCK.test(line) && /(?:^|[:\s-])[|>][+-]?\d?[+-]?$/.test(line)) block = indentOf(line)
    return lineTokens(line)
  })
}
