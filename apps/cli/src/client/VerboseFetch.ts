/**
 * `--verbose`: requests and responses as they happen, with secrets redacted in headers, URLs and bodies.
 *
 * @module
 */
import { Redaction, redacted } from "@ttd-jobs/core"
import { Redacted } from "effect"
import { cleanLine } from "../text/CleanText.ts"

/** How much of a body is shown, in characters. */
const longestShown = 2000

/** A `fetch` that logs each request and its response. */
export const verboseFetch = (
  token: Redacted.Redacted<string> | undefined,
  log: (line: string) => void,
  fetch: typeof globalThis.fetch = globalThis.fetch
): typeof globalThis.fetch => {
  const redaction = new Redaction()
  if (token !== undefined) redaction.addToken(Redacted.value(token).trim())
  const write = (mark: string, text: string) => log(`${mark} ${cleanLine(redaction.text(text))}\n`)
  const writeHeaders = (mark: string, headers: Headers) =>
    headers.forEach((value, name) => {
      write(mark, `${name}: ${secretHeaders.has(name) ? redacted : value}`)
    })

  return async (input, init) => {
    const request = new Request(input, init)
    const startedAt = performance.now()
    const since = () => `${Math.round(performance.now() - startedAt)} ms`
    write(">", `${request.method} ${request.url}`)
    writeHeaders(">", request.headers)
    try {
      const response = await fetch(request)
      write("<", `${response.status} ${response.statusText} after ${since()}`)
      writeHeaders("<", response.headers)
      write("<", await bodyOf(response, redaction.text))
      return response
    } catch (error) {
      write("<", `no response after ${since()}: ${causeOf(error)}`)
      throw error
    }
  }
}

/** Headers that are never shown; others are redacted as text. */
const secretHeaders: ReadonlySet<string> = new Set([
  "ttd-auth",
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key"
])

const bodyOf = async (response: Response, redact: Redaction["text"]): Promise<string> => {
  const type = response.headers.get("content-type") ?? ""
  if (response.body === null || response.body === undefined) return "(no body)"
  if (!/json|xml|html|text\/plain/.test(type)) return "(body not shown)"
  try {
    const { isWhole, text } = await startOf(response.clone().body)
    const shown = redact(text)
    return isWhole && shown.length <= longestShown ? shown : `${shown.slice(0, longestShown)}…`
  } catch (error) {
    return `(the body was cut off: ${causeOf(error)})`
  }
}

/**
 * The start of a copy of a body. The rest of the copy is let go: a result may be larger than memory. More is read than shown, so
 * that a secret at the end is whole, and redacted.
 */
const startOf = async (body: ReadableStream<Uint8Array> | null) => {
  const decoder = new TextDecoder()
  const reader = body?.getReader()
  let text = ""
  while (reader !== undefined && text.length <= 2 * longestShown) {
    const { done, value } = await reader.read()
    if (done) return { isWhole: true, text: text + decoder.decode() }
    text += decoder.decode(value, { stream: true })
  }
  // Only when both copies are given up is the body itself, so this must not be waited for.
  void reader?.cancel()
  return { isWhole: false, text }
}

const causeOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)
