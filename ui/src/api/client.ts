import createClient from 'openapi-fetch'
import { config } from '../config'
import { noteDataAge } from './data-age'
import { ApiError, errorFromBody, errorFromThrown } from './error'
import type { paths } from './schema'

/** The absolute address of a path of the API, below the portal's base path. */
export const apiUrl = (path: string): string =>
  new URL(`${config.basePath}${path}`, document.baseURI).href

/** The server's API, typed by its own OpenAPI document. */
export const api = createClient<paths>({
  baseUrl: apiUrl(''),
  // Looked up for each call, so that tests can put a mock server in its place.
  fetch: async (request) => {
    const response = await globalThis.fetch(request)
    noteDataAge(response)
    return response
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Waits for an answer and hands out its data, or throws an `ApiError`. */
export async function answerOf<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data } = await settled(request)
  if (data === undefined) throw new ApiError('UnexpectedAnswer', 'The answer is empty.', 200)
  return data
}

/** Waits until something was done that has no answer, or throws an `ApiError`. */
export async function done(request: Promise<Answer<unknown>>): Promise<void> {
  await settled(request)
}

async function settled<T>(request: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>
  try {
    answer = await request
  } catch (thrown) {
    // Query cancels requests whose page was left; that is not an error to show.
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    throw errorFromThrown(thrown)
  }
  const { error, response } = answer
  if (!response.ok) throw errorFromBody(error, response.status)
  return answer
}
