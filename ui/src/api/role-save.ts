import type { Step } from './role-plan'

/** A save that ended before everything was done. */
export class SaveStopped extends Error {
  readonly done: readonly string[]
  readonly failed: string
  readonly left: readonly string[]

  constructor(steps: readonly Step[], failed: number, cause: unknown) {
    super('not everything was saved', { cause })
    this.name = 'SaveStopped'
    this.done = steps.slice(0, failed).map(({ says }) => says)
    this.failed = steps[failed]?.says ?? ''
    this.left = steps.slice(failed + 1).map(({ says }) => says)
  }
}

/** Does one change after the other, says what was done, and ends with the first that fails. */
export async function runSteps(steps: readonly Step[]): Promise<string[]> {
  for (const [index, { run }] of steps.entries()) {
    try {
      await run()
    } catch (thrown) {
      throw new SaveStopped(steps, index, thrown)
    }
  }
  return steps.map(({ says }) => says)
}
