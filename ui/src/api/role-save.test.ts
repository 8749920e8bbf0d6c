// @vitest-environment jsdom
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { isBeside } from './condition-changes'
import type { Condition } from './conditions'
import { roleCalls } from './role-calls'
import type { WrittenDraft } from './role-draft'
import { planSave } from './role-plan'
import { runSteps, SaveStopped } from './role-save'
import type { Conditional, Policy, WholeRole } from './roles'

afterEach(() => {
  vi.restoreAllMocks()
})

const TYPE = 'thing'
const VERBS = ['read', 'delete']
const PEOPLE = ['user:default/a', 'user:default/b', 'user:default/c']

/** What is stored about a role. */
interface Stored {
  members: readonly string[]
  policies: Policy[]
  conditionals: Conditional[]
}

const same = (a: Policy, b: Policy) =>
  a.target === b.target && a.verb === b.verb && a.effect === b.effect
const overlap = (a: Conditional['mapping'], b: Conditional['mapping']) =>
  a.some((one) => b.some((two) => one.name === two.name))

/**
 * What somebody may do by a role, beside others that allow what `outside` says: everything, nothing, or what
 * is like a condition. As the server decides: conditions before policies, names before types.
 */
function permitted(role: Stored, person: string, verb: string, outside: boolean): string {
  if (!role.members.includes(person)) return outside ? 'all' : 'none'
  const name = `${TYPE}.${verb}`
  const conditional = role.conditionals.find(({ mapping }) =>
    mapping.some((one) => one.name === name),
  )
  if (conditional) return JSON.stringify(conditional.condition)
  const others: Policy[] = outside ? [{ target: name, verb, effect: 'allow' }] : []
  const all = [...role.policies, ...others].filter((policy) => policy.verb === verb)
  const named = all.filter(({ target }) => target === name)
  const counting = named.length > 0 ? named : all
  const has = (effect: string) => counting.some((policy) => policy.effect === effect)
  return has('allow') && !has('deny') ? 'all' : 'none'
}

const isAtMost = (one: string, other: string) =>
  one === 'none' || one === other || (one !== 'all' && other === 'all')

/** Carries the calls out on `stored`, refusing what the server refuses. */
function serve(stored: Stored): void {
  const refuse = (is: boolean, why: string) => {
    if (is) throw new Error(why)
  }
  let id = 100
  const clashes = (mapping: Conditional['mapping'], own?: number) =>
    stored.conditionals.some((one) => one.id !== own && overlap(one.mapping, mapping))
  vi.spyOn(roleCalls, 'create').mockImplementation(async ({ members }) => {
    refuse(members.length === 0, 'no members')
    stored.members = members
  })
  vi.spyOn(roleCalls, 'change').mockImplementation(async (old, next) => {
    refuse(next.members.length === 0, 'no members')
    refuse(old.members.join() !== stored.members.join(), 'other members')
    stored.members = next.members
  })
  vi.spyOn(roleCalls, 'addPolicies').mockImplementation(async (_, added) => {
    refuse(added.length === 0, 'no policies')
    refuse(
      added.some((one) => stored.policies.some((other) => same(one, other))),
      'twice',
    )
    stored.policies = [...stored.policies, ...added]
  })
  vi.spyOn(roleCalls, 'removePolicies').mockImplementation(async (_, gone) => {
    const rest = stored.policies.filter((one) => !gone.some((other) => same(one, other)))
    refuse(rest.length !== stored.policies.length - gone.length, 'not there')
    stored.policies = rest
  })
  vi.spyOn(roleCalls, 'addCondition').mockImplementation(async (_, one) => {
    refuse(clashes(one.mapping), 'overlaps')
    id += 1
    stored.conditionals = [...stored.conditionals, { ...one, id }]
  })
  vi.spyOn(roleCalls, 'changeCondition').mockImplementation(async (_, one) => {
    refuse(clashes(one.mapping, one.id), 'overlaps')
    stored.conditionals = stored.conditionals.map((other) => (other.id === one.id ? one : other))
  })
  vi.spyOn(roleCalls, 'removeCondition').mockImplementation(async (gone) => {
    stored.conditionals = stored.conditionals.filter((other) => other.id !== gone)
  })
}

const members = fc.uniqueArray(fc.constantFrom(...PEOPLE), { minLength: 1 })
const policies = fc
  .uniqueArray(
    fc.record<Policy>({
      target: fc.constantFrom(TYPE, ...VERBS.map((verb) => `${TYPE}.${verb}`)),
      verb: fc.constantFrom(...VERBS),
      effect: fc.constantFrom('allow', 'deny'),
    }),
    { comparator: same },
  )
  .map((all) => all.filter(({ target, verb }) => target === TYPE || target.endsWith(verb)))
const condition = fc
  .constantFrom('X', 'Y')
  .map((rule): Condition => ({ rule, resourceType: TYPE, params: {} }))
const conditional = (verbs: readonly string[], is: Condition) => ({
  pluginId: 'things',
  resourceType: TYPE,
  mapping: verbs.map((verb) => ({ name: `${TYPE}.${verb}`, verb })),
  condition: is,
})
const conditionals = fc.oneof(
  condition.map((is) => [conditional(VERBS, is)]),
  fc.uniqueArray(
    fc.tuple(fc.constantFrom(...VERBS), condition).map(([verb, is]) => conditional([verb], is)),
    { selector: ({ mapping }) => mapping[0]?.name },
  ),
)

const head = { name: 'role:default/x', description: '' }
const wholeRole = (stored: Stored): WholeRole => ({
  role: {
    ...head,
    members: [...stored.members],
    isEveryones: false,
    source: 'rest',
    owner: '',
    modifiedBy: '',
    lastModified: '',
  },
  policies: stored.policies,
  conditionals: stored.conditionals,
})

test('wherever a save stops, nobody has more than they had before or are to have after it', async () => {
  const stored = fc.record({ members, policies, conditionals })
  // The editor refuses policies beside conditions about the same. What is stored can have them.
  const wanted = stored.map((one) => ({
    ...one,
    policies: one.policies.filter((policy) => !isBeside(policy, one.conditionals)),
  }))
  const cases = fc.record({
    before: fc.option(stored, { nil: undefined }),
    after: wanted,
    ids: fc.constantFrom('new', 'kept', 'swapped'),
    outside: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ before, after, ids, outside }) => {
      const numbered = (before?.conditionals ?? []).map((one, index) => ({ ...one, id: index + 1 }))
      const begun: Stored = {
        members: before?.members ?? [],
        policies: before?.policies ?? [],
        conditionals: numbered,
      }
      const idAt = (index: number) => {
        const shift = ids === 'swapped' ? 1 : 0
        return ids === 'new' ? undefined : numbered[(index + shift) % numbered.length]?.id
      }
      const next: WrittenDraft = {
        head: { ...head, members: after.members },
        policies: after.policies,
        conditionals: after.conditionals.map((one, index, { length }) => {
          // An id belongs to one condition only.
          const id = length <= numbered.length ? idAt(index) : undefined
          return { ...one, ...(id !== undefined && { id }) }
        }),
      }
      const now = { ...begun }
      serve(now)
      const meant: Stored = {
        ...after,
        conditionals: after.conditionals.map((one) => ({ ...one, id: 0 })),
      }
      for (const step of planSave(before && wholeRole(begun), next)) {
        await step.run()
        for (const person of PEOPLE) {
          for (const verb of VERBS) {
            const [is, was, will] = [now, begun, meant].map((one) =>
              permitted(one, person, verb, outside),
            ) as [string, string, string]
            expect(
              isAtMost(is, was) || isAtMost(is, will),
              `${step.says}: ${person} may ${verb} ${is}, not ${was} or ${will}`,
            ).toBe(true)
          }
        }
      }
      expect([...now.members].sort()).toEqual([...after.members].sort())
      const text = ({ target, verb, effect }: Policy) => `${target} ${verb} ${effect}`
      expect(now.policies.map(text).sort()).toEqual(after.policies.map(text).sort())
      const said = (all: Stored) =>
        all.conditionals.map((one) => JSON.stringify([one.mapping, one.condition])).sort()
      expect(said(now)).toEqual(said(meant))
    }),
    { numRuns: 1000 },
  )
})

test('a save that stops says what was done, what was refused, and what is left', async () => {
  serve({ members: [], policies: [], conditionals: [] })
  vi.spyOn(roleCalls, 'addCondition').mockRejectedValue(new Error('no'))
  const steps = planSave(undefined, {
    head: { ...head, members: ['user:default/a'] },
    policies: [{ target: 'thing.delete', verb: 'delete', effect: 'allow' }],
    conditionals: [
      {
        pluginId: 'things',
        resourceType: TYPE,
        mapping: [{ name: 'thing.read', verb: 'read' }],
        condition: { rule: 'X', resourceType: TYPE, params: {} },
      },
    ],
  })
  const stopped = await runSteps(steps).catch((thrown: unknown) => thrown)
  expect(stopped).toBeInstanceOf(SaveStopped)
  expect(stopped).toMatchObject({
    done: ['make the role role:default/x'],
    failed: 'allow thing.read (read) under conditions',
    left: ['allow thing.delete (delete)'],
  })
})
