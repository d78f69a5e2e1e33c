/**
 * Signed links to result files, as object storages issue them: the link alone permits reading until it expires.
 *
 * @module
 */
import { createHmac } from "node:crypto"

/** Signs and checks links with the key of one simulator. */
export interface ResultLinks {
  /** Path and query of a link that works until `expires`, in simulated milliseconds since the epoch; `Infinity`: without end. */
  readonly sign: (name: string, expires: number) => string
  /** Whether a link works now. */
  readonly check: (name: string, query: URLSearchParams, now: number) => "valid" | "expired" | "forged"
  /** Marks a one-time link as used. False when it was used before. */
  readonly use: (query: URLSearchParams) => boolean
}

/** Links that are the same for the same seed. */
export const makeResultLinks = (seed: string): ResultLinks => {
  const used = new Set<string>()
  let issued = 0
  const signatureOf = (name: string, expires: string, number: string) =>
    createHmac("sha256", seed).update(`${name}\n${expires}\n${number}`).digest("base64url")
  return {
    sign: (name, expires) => {
      const time = String(Math.floor(expires))
      const number = String(++issued)
      return `/results/${encodeURIComponent(name)}?expires=${time}&n=${number}&sig=${signatureOf(name, time, number)}`
    },
    check: (name, query, now) => {
      const expires = query.get("expires") ?? ""
      const isSigned = query.get("sig") === signatureOf(name, expires, query.get("n") ?? "")
      if (!/^(?:\d+|Infinity)$/.test(expires) || !isSigned) return "forged"
      return now < Number(expires) ? "valid" : "expired"
    },
    use: (query) => {
      const signature = query.get("sig") ?? ""
      if (used.has(signature)) return false
      used.add(signature)
      const [oldest] = used
      if (used.size > maxUsed && oldest !== undefined) used.delete(oldest)
      return true
    }
  }
}

const maxUsed = 100_000
