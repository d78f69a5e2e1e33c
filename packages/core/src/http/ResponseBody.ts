/**
 * Reading a response's body with a limit.
 *
 * @module
 */

/** The longest body of a success that is read, in bytes: room for a 20 MB result with every character escaped. */
export const longestBody = 128 * 1024 * 1024

/** How much of any other answer's body is read, in bytes: enough for every problem. */
export const longestErrorBody = 64 * 1024

/** A response with its body as text; `tooLong` says that there was more of a success than is read. */
export interface BodyRead {
  readonly response: Response
  readonly text: string
  readonly tooLong?: string
}

/**
 * Reads a response's body: whole for a success, for anything else as much of its start as comes, because there the status is what
 * matters. What is not wanted is let go.
 */
export const readBody = async (response: Response): Promise<BodyRead> => {
  if (response.body === null) return { response, text: "" }
  if (response.status !== 200) return { response, ...(await readStart(response.body, longestErrorBody, true)) }
  const length = Number(response.headers.get("content-length") ?? Number.NaN)
  // A length that can be trusted makes counting needless; one of compressed bytes says nothing.
  if (length <= longestBody && !response.headers.has("content-encoding")) {
    return { response, text: await response.text() }
  }
  if (length > longestBody) {
    await response.body.cancel()
    return { response, text: "", tooLong }
  }
  const { complete, text } = await readStart(response.body, longestBody, false)
  return complete ? { response, text } : { response, text: "", tooLong }
}

const tooLong = `the body is longer than ${longestBody / 1024 / 1024} MiB`

const end = { done: true, value: undefined } as const

const readStart = async (body: ReadableStream<Uint8Array>, limit: number, mayBreakOff: boolean) => {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ""
  let left = limit
  while (true) {
    const part = reader.read()
    const { done, value } = await (mayBreakOff ? part.catch(() => end) : part)
    if (done) return { complete: true, text: text + decoder.decode() }
    text += decoder.decode(left < value.byteLength ? value.subarray(0, left) : value, { stream: true })
    left -= value.byteLength
    if (left < 0) {
      await reader.cancel()
      return { complete: false, text }
    }
  }
}
