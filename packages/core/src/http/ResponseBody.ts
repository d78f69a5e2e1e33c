/**
 * Reads a response's body up to a limit of bytes, and no longer than it is worth where the status alone says enough.
 *
 * @module
 */

/** The longest body of a success that is read, in bytes: room for a 20 MB result with every character escaped. */
export const maxBody = 128 * 1024 * 1024

/** How much of any other response's body is read, in bytes: enough for every problem. */
export const maxErrorBody = 64 * 1024

/** A body that was read. */
export interface Body {
  readonly text: string
  /** The bytes of the text, where they were asked for. */
  readonly bytes: Uint8Array | null
  /** Why a success cannot be used; null where it can. */
  readonly issue: string | null
}

/** How a body is read. */
export interface BodyOptions {
  /** Whether the bytes are kept, too. */
  readonly keepsBytes: boolean
  /** Called where the status alone says enough, with a function that ends the reading with what has come. */
  readonly onStatusOnly: (stop: () => void) => void
}

/** Whether a response is a success: 200, or 203, which is a 200 that a proxy has changed (RFC 9110 §15.3.4). */
export const isSuccess = (status: number): boolean => status === 200 || status === 203

/** Reads a success whole, and of anything else as much of its start as comes: there the status says enough. */
export const readBody = async (response: Response, options: BodyOptions): Promise<Body> => {
  const { body } = response
  const { keepsBytes } = options
  if (body === null) return bodyOf([], keepsBytes)
  if (typeof body.getReader !== "function") return readForeign(response, options)
  if (!isSuccess(response.status)) return readStart(body, options)
  const length = Number(response.headers.get("content-length") ?? Number.NaN)
  if (length > maxBody) {
    await body.cancel()
    return tooLong
  }
  // A length that can be trusted makes counting needless; one of compressed bytes says nothing.
  if (length <= maxBody && !response.headers.has("content-encoding") && !keepsBytes) {
    return { text: await response.text(), bytes: null, issue: null }
  }
  const chunks: Array<Uint8Array> = []
  return (await collect(body.getReader(), maxBody, chunks)) ? bodyOf(chunks, keepsBytes) : tooLong
}

const tooLong: Body = { text: "", bytes: null, issue: `the body is longer than ${maxBody / 1024 / 1024} MiB` }

const readStart = async (body: ReadableStream<Uint8Array>, { keepsBytes, onStatusOnly }: BodyOptions) => {
  const chunks: Array<Uint8Array> = []
  const reader = body.getReader()
  const stopped = new Promise<void>(onStatusOnly)
  // A connection that breaks ends the body as well.
  const read = collect(reader, keepsBytes ? maxBody : maxErrorBody, chunks).catch(() => {})
  await Promise.race([read, stopped])
  reader.cancel().catch(() => {})
  return bodyOf([...chunks], keepsBytes)
}

/** The body of some libraries' responses is no web stream. */
const readForeign = async (response: Response, { keepsBytes, onStatusOnly }: BodyOptions) => {
  const whole = response.text()
  const start = () =>
    Promise.race([whole.catch(() => ""), new Promise<string>((resolve) => onStatusOnly(() => resolve("")))])
  const text = await (isSuccess(response.status) ? whole : start())
  return bodyOf([new TextEncoder().encode(text)], keepsBytes)
}

/** Reads chunks until the body ends, or is longer than the limit; whether it ended within the limit. */
const collect = async (
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
  chunks: Array<Uint8Array>
): Promise<boolean> => {
  let left = limit
  while (true) {
    const { done, value } = await reader.read()
    if (done) return true
    chunks.push(value.byteLength > left ? value.subarray(0, left) : value)
    left -= value.byteLength
    if (left < 0) {
      await reader.cancel()
      return false
    }
  }
}

const bodyOf = (chunks: ReadonlyArray<Uint8Array>, keepsBytes: boolean): Body => {
  const decoder = new TextDecoder()
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode()
  return { text, bytes: keepsBytes ? joined(chunks) : null, issue: null }
}

const joined = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
