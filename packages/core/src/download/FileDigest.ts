/**
 * Digests that a server sends with a file: parsing the header fields, and computing them.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { TransportResponse } from "./FileTransport.ts"

/** The algorithms that can be computed here, the strongest first. */
export const DigestAlgorithm = Schema.Literals(["sha-512", "sha-256", "sha", "md5"])
export type DigestAlgorithm = typeof DigestAlgorithm.Type

/** A digest as the server sent it: `value` is Base64. */
export const FileDigest = Schema.Struct({ algorithm: DigestAlgorithm, value: Schema.String })
export type FileDigest = typeof FileDigest.Type

/** Computes one digest of bytes that come one portion after the other. */
export interface Hasher {
  readonly update: (bytes: Uint8Array) => void
  /** In Base64. Not to be used any more afterwards. */
  readonly digest: () => string
}

/**
 * The strongest digest of the whole file, when it is certain that it covers the whole: `Repr-Digest` (RFC 9530 §3) and `Digest`
 * (RFC 3230 §4.3.2) always do; `Content-Digest` (RFC 9530 §2) and `Content-MD5` (RFC 1864) cover what the response carries, so only
 * in a response that is the whole file. Null when there is none that can be computed.
 */
export const digestOfFile = (header: TransportResponse["header"], isWhole: boolean): FileDigest | null =>
  strongest([
    ...structured(header("repr-digest")),
    ...listed(header("digest")),
    ...(isWhole ? [...structured(header("content-digest")), ...digest("md5", header("content-md5") ?? "")] : [])
  ])

/**
 * The strongest digest of the part that a 206 carries: `Content-Digest` alone. `Content-MD5` on a 206 is ignored, because storages send
 * that of the whole file as well as that of the part (RFC 2616 §14.15 left it open, RFC 7231 removed the field for it).
 */
export const digestOfPart = (header: TransportResponse["header"]): FileDigest | null =>
  strongest(structured(header("content-digest")))

/** A hasher in JavaScript, for every runtime. Its code is loaded when it is first needed. */
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

/** A value of the wrong length is ignored: it says nothing about the file. */
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
