import { expect, test } from 'vitest'
import { ApiError, errorFromBody, errorFromThrown, isTemporary } from './error'

test("the server's words and its hint are kept", () => {
  const body = {
    error: { name: 'InputError', message: 'unknown field `x`', hint: 'did you mean `y`?' },
    request: { method: 'GET', url: '/api' },
    response: { statusCode: 400 },
  }
  expect(errorFromBody(body, 400)).toMatchObject({
    name: 'InputError',
    message: 'unknown field `x`',
    hint: 'did you mean `y`?',
    status: 400,
  })
})

test.each([undefined, null, '', '<html>', {}, { error: 'no' }, { error: { message: 7 } }])(
  'an answer of %j still says what to look at',
  (body) => {
    expect(errorFromBody(body, 502).message).toContain('502')
    expect(errorFromBody(body, 502).hint).toContain('proxy')
  },
)

test('no answer at all is told apart from an answer that is no JSON', () => {
  expect(errorFromThrown(new TypeError('fetch failed')).name).toBe('Unreachable')
  expect(errorFromThrown(new SyntaxError('Unexpected token <')).name).toBe('UnexpectedAnswer')
})

test('only what may pass is tried again', () => {
  expect(isTemporary(new ApiError('x', 'x', 0))).toBe(true)
  expect(isTemporary(new ApiError('x', 'x', 503))).toBe(true)
  expect(isTemporary(new ApiError('x', 'x', 404))).toBe(false)
  expect(isTemporary(new Error('x'))).toBe(false)
})
