/**
 * Digests computed by Node, many times as fast as in JavaScript.
 *
 * @module
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import type { FileDigest, Hasher } from "../download/FileDigest.ts"

/** A hasher by Node's `crypto`. */
export const hasherFor = (algorithm: FileDigest["algorithm"]): Effect.Effect<Hasher> =>
  Effect.sync(() => {
    const hash = createHash(names[algorithm])
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("base64") }
  })

/** The SHA-256 of a file that is being written, and whether the file has the digest its server announced. */
export class FileHash {
  readonly #sha256 = createHash("sha256")
  readonly #announced: FileDigest | null
  /** For an announced digest of another algorithm. */
  readonly #other

  constructor(announced: FileDigest | null) {
    this.#announced = announced
    this.#other =
      announced === null || announced.algorithm === "sha-256" ? undefined : createHash(names[announced.algorithm])
  }

  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes)
    this.#other?.update(bytes)
  }

  /** Called once, at the end. */
  finish(): { readonly sha256: string; readonly isAsAnnounced: boolean } {
    const digest = this.#sha256.digest()
    const value = this.#other === undefined ? digest.toString("base64") : this.#other.digest("base64")
    return {
      sha256: digest.toString("hex"),
      isAsAnnounced: this.#announced === null || this.#announced.value === value
    }
  }
}

const names = { "sha-512": "sha512", "sha-256": "sha256", sha: "sha1", md5: "md5" } as const
