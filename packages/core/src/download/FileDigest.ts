/**
 * Digests that a server tells of a file: which there are, and whether the bytes have them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** What can be computed here, the strongest first. */
export const DigestAlgorithm = Schema.Literals(["sha-512", "sha-256", "sha", "md5"])
export type DigestAlgorithm = typeof DigestAlgorithm.Type

/** A digest as it was told: `value` is Base64. */
export const FileDigest = Schema.Struct({ algorithm: DigestAlgorithm, value: Schema.String })
export type FileDigest = typeof FileDigest.Type

/** Computes one digest of bytes that come one portion after the other. */
export interface Hasher {
  readonly update: (bytes: Uint8Array) => void
  /** In Base64. Not to be used any more afterwards. */
  readonly digest: () => string
}

/**
 * The strongest digest of the whole file that an answer tells: `Repr-Digest` (RFC 9530) and `Digest` (RFC 3230), and, when the
 * whole file is what it sends, `Content-Digest` and `Content-MD5`. Null when there is none that can be checked.
 */
export const digestOfFile = (headers: Headers, isWhole: boolean): FileDigest | null =>
  strongest([
    ...structured(headers.get("repr-digest")),
    ...listed(headers.get("digest")),
    ...(isWhole ? contentDigests(headers) : [])
  ])

/** The strongest digest of what an answer sends, be that the whole file or a part of it. */
export const digestOfContent = (headers: Headers): FileDigest | null => strongest(contentDigests(headers))

/** A hasher that needs nothing of the runtime. What it takes is loaded when it is first needed. */
export const hasher = Effect.fnUntraced(function* (algorithm: DigestAlgorithm): Effect.fn.Return<Hasher> {
  const [legacy, sha2] = yield* Effect.promise(() =>
    Promise.all([import("@noble/hashes/legacy.js"), import("@noble/hashes/sha2.js")])
  )
  const functions = { "sha-512": sha2.sha512, "sha-256": sha2.sha256, sha: legacy.sha1, md5: legacy.md5 }
  const state = functions[algorithm].create()
  return {
    update: (bytes) => {
      state.update(bytes)
    },
    digest: () => toBase64(state.digest())
  }
})

const contentDigests = (headers: Headers): ReadonlyArray<FileDigest> => [
  ...structured(headers.get("content-digest")),
  ...digest("md5", headers.get("content-md5") ?? "")
]

/** A dictionary of byte sequences: `sha-256=:…:, md5=:…:`. */
const structured = (header: string | null): ReadonlyArray<FileDigest> =>
  [...(header ?? "").matchAll(/([\w*.-]+)=:([\w+/=]*):/g)].flatMap(([, name = "", value = ""]) => digest(name, value))

/** A list: `SHA-256=…,md5=…`. */
const listed = (header: string | null): ReadonlyArray<FileDigest> =>
  (header ?? "").split(",").flatMap((item) => {
    const [, name = "", value = ""] = /^\s*([\w-]+)=([\w+/=]+)\s*$/.exec(item) ?? []
    return digest(name, value)
  })

const lengths: Readonly<Record<DigestAlgorithm, number>> = { "sha-512": 64, "sha-256": 32, sha: 20, md5: 16 }

/** A value that no such digest can have is left out: it says nothing about the file. */
const digest = (name: string, value: string): ReadonlyArray<FileDigest> => {
  const algorithm = DigestAlgorithm.literals.find((known) => known === name.toLowerCase())
  const trimmed = value.trim()
  if (algorithm === undefined) return []
  const encodedLength = Math.ceil(lengths[algorithm] / 3) * 4
  return trimmed.length === encodedLength && /^[A-Za-z0-9+/]+=*$/.test(trimmed) ? [{ algorithm, value: trimmed }] : []
}

const strongest = (digests: ReadonlyArray<FileDigest>): FileDigest | null =>
  DigestAlgorithm.literals.flatMap((algorithm) => digests.filter((found) => found.algorithm === algorithm))[0] ?? null

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
