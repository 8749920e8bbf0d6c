/** Whether a value that came from outside is an object with fields. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The members of what should be a list; none when it is none. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
