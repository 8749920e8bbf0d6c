/**
 * Makes one question of all that are asked within the same moment. `ask` answers many questions in
 * their order.
 */
export function batched<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
): (question: Q) => Promise<A | undefined> {
  let waiting: Q[] = []
  let answer: Promise<readonly A[]> | undefined

  return async (question) => {
    const place = waiting.push(question) - 1
    answer ??= new Promise((resolve) => setTimeout(resolve)).then(() => {
      const asked = waiting
      waiting = []
      answer = undefined
      return ask(asked)
    })
    return (await answer)[place]
  }
}
