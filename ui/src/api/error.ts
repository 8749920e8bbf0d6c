/** A request that did not get its answer, in words for the person in front of the page. */
export class ApiError extends Error {
  /** The HTTP status; 0 when there was no answer at all. */
  readonly status: number
  /** What to do about it, when the server knows. */
  readonly hint: string | undefined

  constructor(name: string, message: string, status: number, hint?: string) {
    super(message)
    this.name = name
    this.status = status
    this.hint = hint
  }
}

const textField = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const field: unknown = Reflect.get(value, key)
  return typeof field === 'string' && field !== '' ? field : undefined
}

/** Reads the server's error body, that of OAuth included; copes with proxies' HTML. */
export function errorFromBody(body: unknown, status: number): ApiError {
  const error: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined
  const message = textField(error, 'message')
  if (message) {
    return new ApiError(
      textField(error, 'name') ?? 'Error',
      message,
      status,
      textField(error, 'hint'),
    )
  }
  const description = textField(body, 'error_description')
  if (typeof error === 'string' && description) return new ApiError(error, description, status)
  return new ApiError(
    'UnexpectedAnswer',
    `The server answered with status ${status} and no explanation.`,
    status,
    status >= 500
      ? 'Look into the log of the server, or of the proxy in front of it.'
      : 'Check that a proxy in front of the server passes /api/ through.',
  )
}

/** Turns whatever was thrown on the way to an answer into an `ApiError`. */
export function errorFromThrown(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (thrown instanceof SyntaxError) {
    return new ApiError(
      'UnexpectedAnswer',
      'The server answered with something that is not JSON.',
      200,
      'Check that a proxy in front of the server passes /api/ through.',
    )
  }
  return new ApiError(
    'Unreachable',
    'The server does not answer.',
    0,
    'Check your connection, and that Callboard is still running.',
  )
}

/** Whether nobody is signed in any more. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 401

/** Whether asking again could help: a refusal stays a refusal. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500)
