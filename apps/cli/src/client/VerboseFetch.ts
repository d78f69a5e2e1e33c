/**
 * `--verbose`: requests and answers as they happen, with everything secret masked, in headers, URLs and bodies alike.
 *
 * @module
 */
import { Redacted } from "effect"
import { cleanLine } from "../text/CleanText.ts"

/** How much of a body is shown, in characters. */
const longestShown = 2000

/** The runtime's `fetch`, every request and answer told to `log`. */
export const verboseFetch = (
  token: Redacted.Redacted<string> | undefined,
  log: (line: string) => void,
  fetch: typeof globalThis.fetch = globalThis.fetch
): typeof globalThis.fetch => {
  const mask = masking(token)
  const tell = (mark: string, text: string) => log(`${mark} ${cleanLine(mask(text))}\n`)
  const tellHeaders = (mark: string, headers: Headers) =>
    headers.forEach((value, name) => {
      tell(mark, `${name}: ${secretHeaders.has(name) ? redacted : value}`)
    })

  return async (input, init) => {
    const request = new Request(input, init)
    const startedAt = performance.now()
    const since = () => `${Math.round(performance.now() - startedAt)} ms`
    tell(">", `${request.method} ${request.url}`)
    tellHeaders(">", request.headers)
    try {
      const response = await fetch(request)
      tell("<", `${response.status} ${response.statusText} after ${since()}`)
      tellHeaders("<", response.headers)
      tell("<", await bodyOf(response, mask))
      return response
    } catch (error) {
      tell("<", `no answer after ${since()}: ${causeOf(error)}`)
      throw error
    }
  }
}

const redacted = "<redacted>"

const secretHeaders: ReadonlySet<string> = new Set(["ttd-auth", "authorization", "cookie", "set-cookie", "x-api-key"])

/** Query parameters that sign a URL or carry a key. */
const secretParameters =
  /([?&;][^=&\s"]*(?:sig|token|credential|secret|password|key|auth)[^=&\s"]*(?:=|%3d))[^&\s"\\]+/gi

/** Masks the token, also as URLs and JSON write it, and what signs URLs. */
export const masking = (token: Redacted.Redacted<string> | undefined): ((text: string) => string) => {
  const secret = token === undefined ? "" : Redacted.value(token).trim()
  const spellings = secret === "" ? [] : [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
  return (text) =>
    spellings
      .reduce((masked, spelling) => masked.replaceAll(spelling, redacted), text)
      .replace(secretParameters, `$1${redacted}`)
}

const bodyOf = async (response: Response, mask: (text: string) => string): Promise<string> => {
  const type = response.headers.get("content-type") ?? ""
  if (response.body === null || response.body === undefined) return "(no body)"
  if (!/json|xml|html|text\/plain/.test(type)) return "(body not shown)"
  try {
    const { isWhole, text } = await startOf(response.clone().body)
    const masked = mask(text)
    return isWhole && masked.length <= longestShown ? masked : `${masked.slice(0, longestShown)}…`
  } catch (error) {
    return `(the body broke off: ${causeOf(error)})`
  }
}

/**
 * The start of a copy of a body. The rest of the copy is let go: a result may be larger than memory. More is read than shown, so
 * that a secret at the end is whole, and masked.
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
