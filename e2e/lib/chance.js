/** Chance that can be repeated. */

/** Repeatable chance between 0 and 1 (mulberry32). */
export function chances(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of `items`. */
export const oneOf = (chance, items) => items[Math.floor(chance() * items.length)]
