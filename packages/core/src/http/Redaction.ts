/**
 * Redacts secrets in what servers and runtimes say: tokens, credential headers, and the queries of links, which may be signed.
 *
 * @module
 */

/**
 * What stands in the place of a secret.
 *
 * @example
 * ```ts
 * import { redacted } from "@ttd-jobs/core"
 *
 * redacted // "<redacted>"
 * ```
 */
export const redacted = "<redacted>"

/** Shorter values are left alone: no real credential is that short, and redacting them would cut up every text. */
const minLength = 8

/** Tokens that are remembered: a provider may hand out a new one every hour for a year. */
const maxTokens = 8

/**
 * Redacts the secrets of one client, for logs of requests and responses. It holds them in full, so nothing of it may ever be printed.
 *
 * @example
 * ```ts
 * import { Redaction } from "@ttd-jobs/core"
 *
 * const redaction = new Redaction()
 * redaction.addToken("a-long-token")
 * redaction.text("GET https://files.example/report.csv?sig=4f3a with a-long-token")
 * // "GET https://files.example/report.csv?<redacted> with <redacted>"
 * ```
 */
export class Redaction {
  readonly #headers = new Set<string>()
  readonly #tokens: Array<ReadonlyArray<string>> = []
  #spellings: ReadonlyArray<string> = []

  /** Adds a token; only the last few are remembered. */
  addToken(token: string): void {
    const spellings = spellingsOf(token)
    if (spellings.every((spelling) => this.#spellings.includes(spelling))) return
    this.#tokens.push(spellings)
    if (this.#tokens.length > maxTokens) this.#tokens.shift()
    this.#update()
  }

  /** Adds the values of headers, whole and in their parts: a scheme such as `Bearer` may be left out when a value is echoed. */
  addHeaders(headers: Iterable<readonly [name: string, value: string]>): void {
    const before = this.#headers.size
    for (const [name, value] of headers) {
      if (describesRequest.has(name.toLowerCase())) continue
      for (const part of [value, ...value.split(/[\s;,]+/), ...value.split(/[\s;,]+|^[^=;,\s]*=/)]) {
        for (const spelling of spellingsOf(part)) this.#headers.add(spelling)
      }
    }
    if (this.#headers.size > before) this.#update()
  }

  /** A text without secrets. */
  readonly text = (text: string): string => withoutQueries(this.secrets(text))

  /** A text without tokens and credential headers; links keep their queries. */
  readonly secrets = (text: string): string => {
    const whole = this.#spellings.reduce((text, spelling) => text.replaceAll(spelling, redacted), text)
    return this.#spellings.reduce(withoutStartAtEnd, whole)
  }

  /** A JSON value without secrets, in the names of its properties too. */
  readonly json = (value: unknown): unknown => {
    if (typeof value === "string") return this.text(value)
    if (Array.isArray(value)) return value.map(this.json)
    return typeof value === "object" && value !== null ? this.record(value) : value
  }

  /** An object without secrets, in the names of its properties too. */
  readonly record = (value: object): Readonly<Record<string, unknown>> =>
    // Unlike assignment, this makes `__proto__` a property like any other.
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [this.text(name), this.json(inner)]))

  /** The words of what a runtime threw: the value itself may hold the request, and the request the token. */
  readonly cause = (error: unknown): unknown => this.#wordsOf(error, 0)

  #wordsOf(error: unknown, depth: number): unknown {
    if (!(error instanceof Error)) return this.text(String(error))
    const isDeeper = error.cause !== undefined && depth < maxDepth
    const words = new Error(this.text(error.message), isDeeper ? { cause: this.#wordsOf(error.cause, depth + 1) } : {})
    words.name = error.name
    words.stack = this.text(error.stack ?? "")
    return "code" in error && typeof error.code === "string" ? Object.assign(words, { code: error.code }) : words
  }

  #update(): void {
    const all = new Set([...this.#tokens.flat(), ...this.#headers])
    // A value that contains another one is replaced first.
    this.#spellings = [...all].toSorted((one, other) => other.length - one.length)
  }
}

/** A text whose links have lost their queries, fragments and passwords: whoever has those of a signed link can read the file. */
export const withoutQueries = (text: string): string =>
  text.replace(/(\bhttps?:(?:\\?\/){2})([^\s"'<>?#@/\\]+@)?([^\s"'<>?#]*)([?#][^\s"'<>]+)?/gi, linkWithoutSecrets)

const linkWithoutSecrets = (_: string, scheme: string, user: string | undefined, path: string, query?: string) =>
  `${scheme}${user === undefined ? "" : `${redacted}@`}${path}${query === undefined ? "" : `${query.charAt(0)}${redacted}`}`

/** A text that was cut off may end within a secret. */
const withoutStartAtEnd = (text: string, secret: string): string => {
  for (let length = Math.min(secret.length - 1, text.length); length >= minLength; length--) {
    if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${redacted}`
  }
  return text
}

/** A secret as it is, as JSON writes it, and as a URL writes it. */
const spellingsOf = (secret: string): ReadonlyArray<string> =>
  secret.length < minLength
    ? []
    : [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])]

/** Headers whose values are no secret: they describe the request. */
const describesRequest: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "content-type",
  "user-agent"
])

/** Causes of causes that are kept. */
const maxDepth = 8
