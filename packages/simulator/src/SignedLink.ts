/**
 * Links to result files, as object storages sign them: who has the link may read until it expires.
 *
 * @module
 */
import { createHmac } from "node:crypto"

/** Signs and checks links with the key of one simulator. */
export interface Signer {
  /** Path and query of a link to a file that works until `expires`, in simulated milliseconds since the epoch; `Infinity` for ever. */
  readonly sign: (name: string, expires: number) => string
  /** What a link is worth now. */
  readonly check: (name: string, query: URLSearchParams, now: number) => "valid" | "expired" | "forged"
}

/** A signer whose links are the same for the same seed. */
export const make = (seed: string): Signer => {
  const signatureOf = (name: string, expires: string) =>
    createHmac("sha256", seed).update(`${name}\n${expires}`).digest("base64url")
  return {
    sign: (name, expires) => {
      const time = String(Math.floor(expires))
      return `/results/${encodeURIComponent(name)}?expires=${time}&sig=${signatureOf(name, time)}`
    },
    check: (name, query, now) => {
      const expires = query.get("expires") ?? ""
      if (!/^(?:\d+|Infinity)$/.test(expires) || query.get("sig") !== signatureOf(name, expires)) return "forged"
      return now < Number(expires) ? "valid" : "expired"
    }
  }
}
