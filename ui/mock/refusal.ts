/** An error in the server's words. */
export function refusal(
  request: Request,
  status: number,
  name: string,
  message: string,
  hint?: string,
): Response {
  const body = {
    error: { name, message, ...(hint ? { hint } : {}) },
    request: { method: request.method, url: new URL(request.url).pathname },
    response: { statusCode: status },
  }
  return Response.json(body, { status })
}
