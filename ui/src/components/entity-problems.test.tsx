// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { Entity } from '../api/entity'
import { EntityProblems } from './entity-problems'

afterEach(cleanup)

const textOf = (message: string, level: 'error' | 'warning' | 'info' = 'error') => {
  const item = { type: 'backstage.io/catalog-processing', level, message }
  const entity: Entity = {
    apiVersion: 'v1',
    kind: 'API',
    metadata: { name: 'x' },
    status: { items: [item] },
  }
  const { container } = render(<EntityProblems entity={entity} />)
  return [...container.querySelectorAll('li')].map((line) => line.innerHTML)
}

test.each([
  [
    'spec.type: a/b.yaml:97:3: `spec.type` must be a string',
    '<strong><code>spec.type</code> must be a string</strong><br><code>a/b.yaml:97:3</code>',
  ],
  ['a.yaml:1:1: it is empty', '<strong>it is empty</strong><br><code>a.yaml:1:1</code>'],
  [
    'spec: a.yaml:1:1: it is empty',
    '<strong><code>spec</code>: it is empty</strong><br><code>a.yaml:1:1</code>',
  ],
  ['the host is away: at 10:30: again', '<strong>the host is away: at 10:30: again</strong>'],
  ['<b>bold</b>', '<strong>&lt;b&gt;bold&lt;/b&gt;</strong>'],
])('%s', (message, expected) => expect(textOf(message)).toEqual([expected]))
