// Writes cases.json: what the npm package `yaml` makes of each input below.
//
//   npm install yaml@2.9.1 && node generate.mjs
//
// A document that `yaml` refuses becomes { "refused": true }. `yaml` keeps on reading after an
// error in ways that no caller uses, so everything after the first refused document is left out.
import { writeFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

const core = [
  ['yes, no, on and off are strings', 'a: yes\nb: no\nc: on\nd: off\ne: y\nf: n\n'],
  ['booleans in three spellings', 'a: true\nb: True\nc: TRUE\nd: false\ne: False\nf: FALSE\ng: tRUE\n'],
  ['nulls in five spellings', 'a:\nb: ~\nc: null\nd: Null\ne: NULL\nf: nULL\n'],
  ['a leading zero is decimal', 'a: 017\nb: 08\nc: 0\nd: 00\ne: -017\n'],
  ['octal needs 0o', 'a: 0o17\nb: 0o8\nc: 0O17\nd: -0o17\ne: 0o\n'],
  ['hexadecimal', 'a: 0x1F\nb: 0xff\nc: 0X1F\nd: -0x1F\ne: 0x\nf: 0xG\n'],
  ['underscores and binary are strings', 'a: 1_000\nb: 0b101\nc: 0x_1\n'],
  ['sexagesimal is a string', 'a: 190:20:30\nb: 12:30\nc: 1:2\n'],
  ['integers', 'a: 1\nb: +1\nc: -1\nd: 12345678901\ne: 9007199254740991\nf: 9007199254740993\ng: 12345678901234567890\nh: -0\n'],
  ['floats', 'a: 1.5\nb: .5\nc: 5.\nd: +.5\ne: -1.0\nf: 1.0\ng: 1.10\nh: .\ni: 1.2.3\nj: 0.1\n'],
  ['exponents', 'a: 1e3\nb: 1E-3\nc: 1.5e+3\nd: .5e2\ne: 1e\nf: e3\ng: 1e400\nh: 5.e1\ni: 1e3.5\n'],
  ['infinities and not a number', 'a: .inf\nb: -.inf\nc: +.Inf\nd: .nan\ne: .NaN\nf: -.nan\ng: inf\nh: nan\ni: .INF\nj: .Nan\n'],
  ['dates and times are strings', 'a: 2001-12-14\nb: 2001-12-14t21:59:43.10-05:00\nc: 2001-12-14 21:59:43\n'],
  ['versions are what they look like', 'a: 1.10\nb: 1.10.1\nc: "1.10"\nd: v1.10\ne: 3.10\n'],
  ['quoted scalars are strings', 'a: "1"\nb: \'true\'\nc: ""\nd: \'~\'\ne: "null"\n'],
  ['escapes in double quotes', 'a: "\\n\\t\\x41\\u00e9\\U0001F600\\\\\\"\\/ \\e\\0\\_\\N"\n'],
  ['a surrogate pair in escapes', 'a: "\\ud83d\\ude00"\n'],
  ['an apostrophe in single quotes', "a: 'it''s'\n"],
  ['folded quoted lines', 'a: "one\n  two\n\n  three"\nb: \'one\n  two\'\n'],
  ['plain lines fold', 'a: one\n  two\n\n  three\n'],
  ['a plain number over two lines is a string', 'a: 1\n  2\n'],
  ['literal block', 'a: |\n  one\n  two\n'],
  ['literal block strip and keep', 'a: |-\n  one\n\nb: |+\n  one\n\nc: x\n'],
  ['folded block', 'a: >\n  one\n  two\n\n  three\n    more\n  end\nb: >-\n  one\n  two\n'],
  ['block with an indentation mark', 'a: |2\n    two\n  zero\n'],
  ['a block scalar with # and : inside', 'a: |\n  # no comment\n  key: value\n'],
  ['an empty block scalar', 'a: |\nb: >-\n'],
  ['comments', '# top\na: 1 # one\nb: a#b\nc: "a # b"\n# end\n'],
  ['flow collections', 'a: [1, two, "three", ]\nb: {c: 1, d: [2], e}\nf: []\ng: {}\n'],
  ['flow over lines', 'a: [\n  1,\n  2\n  ]\nb: {\n  c: 1\n  }\n'],
  ['a pair in a flow sequence', 'a: [b: 1, c]\n'],
  ['JSON is YAML', '{"a": [1, 2.5, true, null, "x"], "b": {"c": "d"}}'],
  ['JSON with colons close', '{"a":1,"b":[1,2]}'],
  ['sequences without indentation', 'a:\n- 1\n- 2\nb:\n  - 3\n'],
  ['nested sequences', '- - 1\n  - 2\n-\n  - 3\n'],
  ['mappings in sequences', '- a: 1\n  b: 2\n- c: 3\n'],
  ['empty values in sequences', '-\n- a\n-\n'],
  ['a URL is a string', 'a: https://example.com:8080/x?y=1#z\n'],
  ['a colon inside a word', 'a: b:c\nd:e: f\n'],
  ['anchors and aliases', 'a: &x {k: 1}\nb: *x\nc: &y text\nd: *y\n'],
  ['an anchor given twice', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n'],
  ['an alias as a key', 'a: &x name\n*x : 1\n'],
  ['an alias of a number as a key', 'a: &x 1.50\n*x : 1\n'],
  ['an anchored sequence', 'a: &x\n  - 1\n  - &y 2\nb: [*x, *y]\n'],
  ['an anchor on a key', '&x a: 1\nb: *x\n'],
  ['an anchored null', 'a: &x\nb: *x\n'],
  ['an unresolved alias is refused', 'a: *nobody\n'],
  ['an alias does not cross documents', 'a: &x 1\n---\nb: *x\n'],
  ['<< is an ordinary key', 'a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n'],
  ['a key given twice is refused', 'a: 1\na: 2\n'],
  ['a key given twice in a nested mapping is refused', 'a:\n  b: 1\n  c: 2\n  b: 3\n'],
  ['a key given twice in flow is refused', 'a: {b: 1, b: 2}\n'],
  ['a key given twice in two spellings is refused', 'a: 1\n"a": 2\n'],
  ['a key twice in different mappings', 'a:\n  b: 1\nc:\n  b: 2\n'],
  ['number keys', '1: a\n2.50: b\n1e3: c\n0x10: d\n-1: e\n1e21: f\n1e-7: g\n'],
  ['null keys', 'null: a\nb: c\n'],
  ['an empty key', ': a\n'],
  ['a tilde key', '~: a\n'],
  ['boolean keys', 'true: a\nFalse: b\n'],
  ['infinite keys', '.inf: a\n-.inf: b\n.nan: c\n'],
  ['a sequence as a key', '? [a, 1]\n: b\n'],
  ['a mapping as a key', '? {a: 1}\n: b\n'],
  ['an empty sequence as a key', '? []\n: b\n'],
  ['an explicit key', '? a\n: b\n? c\n'],
  ['a key with spaces', 'a b c: 1\n"d e": 2\n'],
  ['a template as a value', 'a: ${{ parameters.name }}\nb: "{{ x }}"\n'],
  ['a template at the start of a value is a flow mapping', 'a: {{ x }}\n'],
  ['several documents', 'a: 1\n---\nb: 2\n---\nc: 3\n'],
  ['a document start first', '---\na: 1\n'],
  ['a document end', 'a: 1\n...\n---\nb: 2\n...\n'],
  ['empty documents', '---\n---\na: 1\n---\n'],
  ['an empty text', ''],
  ['a comment only', '# nothing\n'],
  ['blank lines only', '\n\n'],
  ['a comment between documents', 'a: 1\n---\n# nothing\n---\nb: 2\n'],
  ['a scalar document', 'hello\n'],
  ['a value on the start line', '--- a\n--- [b]\n--- |\n c\n'],
  ['no newline at the end', 'a: 1'],
  ['carriage returns', 'a: 1\r\nb:\r\n  - x\r\nc: |\r\n  one\r\n  two\r\n'],
  ['a byte order mark', '\uFEFFa: 1\n'],
  ['a byte order mark before ---', '\uFEFF---\na: 1\n'],
  ['a directive', '%YAML 1.2\n---\na: yes\n'],
  ['a tab after a colon', 'a:\tb\n'],
  ['a tab before a comment', 'a: b\t# c\n'],
  ['a tab as indentation is refused', 'a:\n\tb: 1\n'],
  ['a tab inside a block scalar', 'a: |\n  \tb\n'],
  ['tags of the core schema', 'a: !!str 12\nb: !!int "12"\nc: !!float 1.5\nd: !!bool "true"\ne: !!null ""\nf: !!str\n'],
  ['tags that do not fit leave strings', 'a: !!int abc\nb: !!bool yes\nc: !!float 1\n'],
  ['unknown tags leave strings and collections', 'a: !foo 12\nb: !foo [1]\nc: !<tag:example.com,2000:x> {d: 1}\n'],
  ['the tag that is only !', 'a: ! 12\n'],
  ['a tag on collections', 'a: !!map {b: 1}\nc: !!seq [1]\n'],
  ['an unclosed quote is refused', 'a: "b\n'],
  ['an unclosed bracket is refused', 'a: [1, 2\n'],
  ['an unclosed brace is refused', 'a: {b: 1\n'],
  ['a stray bracket is refused', 'a: ]\n'],
  ['mixed brackets are refused', 'a: [1, 2}\n'],
  ['two values on a line are refused', 'a: b: c\n'],
  ['wrong indentation is refused', 'a:\n    b: 1\n  c: 2\n'],
  ['a sequence item in a mapping is refused', 'a: 1\n- b\n'],
  ['a text after a quoted one is refused', 'a: "b" c\n'],
  ['a reserved character is refused', 'a: @b\n'],
  ['a backtick is refused', 'a: `b`\n'],
  ['a percent sign at the start is refused', 'a: %b\n'],
  ['an unknown escape is refused', 'a: "\\q"\n'],
  ['a line without a colon is refused', 'a: 1\nb\nc: 2\n'],
  ['a string that begins with a star is an alias', 'a: *.js\n'],
  ['a string that begins with an exclamation mark is a tag', 'a: !b c\n'],
  ['a string that begins with a question mark', 'a: ?b\n'],
  ['a string that begins with a dash', 'a: -b\nc: --d\n- e: f\n'],
  ['dashes and dots in a value', 'a: -b\nc: --- d\ne: ...\n'],
  ['special object keys', '__proto__: 1\nconstructor: 2\ntoString: 3\n'],
  ['unicode', 'ä: ö\n日本: 語\n😀: 😎\n'],
  ['a broken document after good ones', 'a: 1\n---\nb: 2\n---\nc: [\n'],
]

const merge = [
  ['a mapping is merged', 'a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n'],
  ['own keys win before and after', 'a: &x {k: 1, l: 2}\nb:\n  k: 0\n  <<: *x\n  l: 3\n'],
  ['a list of mappings is merged, the first wins', 'a: &x {k: 1}\nb: &y {k: 2, l: 2}\nc:\n  <<: [*x, *y]\n'],
  ['an inline mapping is merged', 'a:\n  <<: {k: 1}\n  l: 2\n'],
  ['<< twice', 'a:\n  <<: {k: 1}\n  <<: {k: 2, l: 2}\n'],
  ['a merged mapping that merges', 'a: &x {k: 1}\nb: &y\n  <<: *x\n  l: 2\nc:\n  <<: *y\n  m: 3\n'],
  ['a quoted << is a key', 'a:\n  "<<": {k: 1}\n'],
  ['<< as a value', 'a: <<\n'],
  ['merging a scalar is refused', 'a:\n  <<: 1\n'],
  ['merging a list of scalars is refused', 'a:\n  <<: [1]\n'],
  ['an own key given twice is still refused', 'a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n  k: 3\n'],
]

function read(input, options) {
  const documents = []
  for (const document of parseAllDocuments(input, { logLevel: 'silent', ...options })) {
    let value
    try {
      if (document.errors.length > 0) throw document.errors[0]
      value = JSON.parse(JSON.stringify(document.toJSON()) ?? 'null')
    } catch {
      return [...documents, { refused: true }]
    }
    documents.push({ value })
  }
  return documents
}

const rows = [
  ...core.map(([name, input]) => ({ name, input, documents: read(input, {}) })),
  ...merge.map(([name, input]) => ({ name, input, mergeKeys: true, documents: read(input, { merge: true }) })),
]
writeFileSync(new URL('cases.json', import.meta.url), `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`)
