/**
 * Keeping the token, and the queries of signed links, out of what servers echo and runtimes say.
 *
 * @module
 */
import * as Redacted from "effect/Redacted"

/** Puts a mask wherever a secret stands. */
export interface Masking {
  readonly text: (text: string) => string
  /** What a runtime said, with nothing but its words: what it threw may hold the request, and the request the token. */
  readonly cause: (error: unknown) => unknown
}

/** Shorter tokens than any real one are left alone, lest they cut up every body. */
const shortestSecret = 8

const mask = "<redacted>"

/** The masking of a token, also where it is written in JSON or in a URL. */
export const masking = (token: Redacted.Redacted<string> | undefined): Masking => {
  const secret = token === undefined ? "" : Redacted.value(token)
  if (secret.length < shortestSecret) return maskingBy((text) => text)
  const spellings = [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])]
  return maskingBy((text) => spellings.reduce((text, spelling) => text.replaceAll(spelling, mask), text))
}

/** A masking of links too. */
export const maskingLinks = ({ text }: Masking): Masking => maskingBy((words) => withoutQueries(text(words)))

/** A text whose links have lost their queries: who has that of a signed link may read the file. */
export const withoutQueries = (text: string): string =>
  text.replace(/(\bhttps?:(?:\\?\/){2}[^\s"'<>?]+\?)[^\s"'<>]+/gi, `$1${mask}`)

const maskingBy = (text: Masking["text"]): Masking => {
  const wordsOf = (error: unknown, depth: number): unknown => {
    if (!(error instanceof Error)) return text(String(error))
    const isDeeper = error.cause !== undefined && depth < deepest
    const words = new Error(text(error.message), isDeeper ? { cause: wordsOf(error.cause, depth + 1) } : {})
    words.name = error.name
    words.stack = text(error.stack ?? "")
    return "code" in error && typeof error.code === "string" ? Object.assign(words, { code: error.code }) : words
  }
  return { text, cause: (error) => wordsOf(error, 0) }
}

/** Causes of causes that are told. */
const deepest = 8
