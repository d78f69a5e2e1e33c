/**
 * Digests by the runtime's own code, which is many times as fast as one that runs everywhere.
 *
 * @module
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import type { FileDigest, Hasher } from "../download/FileDigest.ts"

/** A hasher of Node's. */
export const hasherFor = (algorithm: FileDigest["algorithm"]): Effect.Effect<Hasher> =>
  Effect.sync(() => {
    const hash = createHash(names[algorithm])
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("base64") }
  })

/** The SHA-256 of a file that is being written, and whether the file is the one its server told of. */
export class FileHash {
  readonly #sha256 = createHash("sha256")
  readonly #told: FileDigest | null
  /** For a digest of another kind than the one that is computed anyway. */
  readonly #other

  constructor(told: FileDigest | null) {
    this.#told = told
    this.#other = told === null || told.algorithm === "sha-256" ? undefined : createHash(names[told.algorithm])
  }

  update(bytes: Uint8Array): void {
    this.#sha256.update(bytes)
    this.#other?.update(bytes)
  }

  /** Asked once, at the end. */
  finish(): { readonly sha256: string; readonly isAsTold: boolean } {
    const digest = this.#sha256.digest()
    const value = this.#other === undefined ? digest.toString("base64") : this.#other.digest("base64")
    return { sha256: digest.toString("hex"), isAsTold: this.#told === null || this.#told.value === value }
  }
}

const names = { "sha-512": "sha512", "sha-256": "sha256", sha: "sha1", md5: "md5" } as const
