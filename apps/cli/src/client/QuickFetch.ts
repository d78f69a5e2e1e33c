/**
 * A small `fetch` for one quick GET: Node's own loads and compiles so much that it takes longer than all the rest of
 * `ttd-jobs status`. It is what ky needs for requests without a body whose redirects are not followed, and no more.
 *
 * @module
 */
import type { IncomingMessage } from "node:http"
import type { Readable } from "node:stream"

/** Puts the small `fetch` and its classes in the place of the runtime's; before ky is loaded, which looks for them. */
export const installQuickFetch = (): void => {
  Object.assign(globalThis, {
    fetch: quickFetch,
    Headers: QuickHeaders,
    Request: QuickRequest,
    Response: QuickResponse,
    FormData: QuickFormData
  })
}

/** Asks once. Fails as Node's `fetch` does: a `TypeError` whose cause is what the system said, or the signal's reason. */
export const quickFetch = (request: QuickRequest): Promise<QuickResponse> =>
  new Promise((resolve, reject) => {
    const { headers, method, signal, url } = request
    const fail = (cause: unknown) => reject(signal?.aborted ? signal.reason : new TypeError("fetch failed", { cause }))
    if (request.redirect !== "manual") return fail(new Error("redirects are not followed"))
    // An import statement would also evaluate the module's lazy parts, Node's fetch among them.
    const { request: open } = process.getBuiltinModule(url.startsWith("https:") ? "node:https" : "node:http")
    try {
      open(url, { method, headers: Object.fromEntries(headers), ...(signal ? { signal } : {}) })
        .once("response", (message) => resolve(new QuickResponse(message, signal)))
        // Each but the first is too late to tell anybody, and no reason to end the process.
        .on("error", fail)
        .end()
    } catch (error) {
      fail(error)
    }
  })

type HeadersInput = Iterable<readonly [string, string]> | Readonly<Record<string, string>> | undefined

/** Headers by name, whatever its case. */
export class QuickHeaders {
  readonly #values = new Map<string, string>()

  constructor(input?: HeadersInput) {
    if (input === undefined || input === null) return
    for (const [name, value] of Symbol.iterator in input ? input : Object.entries(input)) this.append(name, value)
  }
  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }
  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value)
  }
  append(name: string, value: string): void {
    const before = this.get(name)
    this.set(name, before === null ? value : `${before}, ${value}`)
  }
  delete(name: string): void {
    this.#values.delete(name.toLowerCase())
  }
  forEach(visit: (value: string, name: string) => void): void {
    for (const [name, value] of this.#values) visit(value, name)
  }
  entries(): MapIterator<[string, string]> {
    return this.#values.entries()
  }
  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.#values.entries()
  }
}

interface RequestOptions {
  readonly method?: string
  readonly headers?: HeadersInput
  readonly redirect?: string
  readonly signal?: AbortSignal | null
}

/** A request without a body. */
export class QuickRequest {
  readonly url: string
  readonly method: string
  readonly headers: QuickHeaders
  readonly redirect: string
  readonly signal: AbortSignal | undefined
  readonly body = null

  constructor(input: string | URL | QuickRequest, options: RequestOptions = {}) {
    const base = input instanceof QuickRequest ? input : undefined
    this.url = base?.url ?? String(input)
    this.method = options.method ?? base?.method ?? "GET"
    this.headers = new QuickHeaders(options.headers ?? base?.headers)
    this.redirect = options.redirect ?? base?.redirect ?? "follow"
    this.signal = options.signal ?? base?.signal
  }
  clone(): QuickRequest {
    return new QuickRequest(this)
  }
}

/** An answer whose body comes as it is read. */
export class QuickResponse {
  readonly status: number
  readonly statusText: string
  readonly ok: boolean
  readonly type = "basic"
  readonly headers = new QuickHeaders()
  readonly body: QuickBody

  constructor(message: IncomingMessage, signal: AbortSignal | undefined) {
    this.status = message.statusCode ?? 0
    this.statusText = message.statusMessage ?? ""
    this.ok = this.status >= 200 && this.status <= 299
    const { rawHeaders } = message
    for (let index = 0; index < rawHeaders.length; index += 2) {
      this.headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "")
    }
    this.body = new QuickBody(decoded(message, this.headers.get("content-encoding")), signal)
  }
  async text(): Promise<string> {
    const decoder = new TextDecoder()
    let text = ""
    for await (const chunk of this.body) text += decoder.decode(chunk, { stream: true })
    return text + decoder.decode()
  }
}

/** A body to read once: as an async iterable, or through a reader. */
export class QuickBody {
  readonly #readable: Readable
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal | undefined

  constructor(readable: Readable, signal: AbortSignal | undefined) {
    this.#readable = readable
    this.#chunks = readable[Symbol.asyncIterator]()
    this.#signal = signal
  }
  async read(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const { done, value } = await this.#chunks.next()
      return done === true ? { done, value: undefined } : { done: false, value }
    } catch (cause) {
      throw this.#signal?.aborted ? this.#signal.reason : new TypeError("terminated", { cause })
    }
  }
  getReader(): QuickBody {
    return this
  }
  async cancel(): Promise<void> {
    this.#readable.destroy()
  }
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.read() }
  }
}

/** Compressed bodies are not asked for, yet some gateways send them. */
const decoded = (message: IncomingMessage, encoding: string | null): Readable => {
  if (encoding === null || encoding === "identity") return message
  const { createBrotliDecompress, createUnzip } = process.getBuiltinModule("node:zlib")
  const { pipeline } = process.getBuiltinModule("node:stream")
  const decompress = encoding === "br" ? createBrotliDecompress() : createUnzip()
  // The decompressing end passes on what went wrong at the other.
  return pipeline(message, decompress, () => {})
}

/** ky only asks whether there is such a class. */
class QuickFormData {}
