/**
 * A safe file name for a result: from `Content-Disposition`, else from the link, else from the job and the content type.
 *
 * @module
 */
import { parse } from "content-disposition"
import * as Result from "effect/Result"
import filenamify from "filenamify"
import mime from "mime"
import type { RemoteFile } from "../download/FileContent.ts"
import { JobRef, type JobRefInput } from "../JobRef.ts"

/**
 * A plain file name without any path, at most 200 bytes long, that every file system takes: the server's name for the file, else the last
 * segment of the link if it has an extension, else the job with an extension for the content type (`standard-412651.csv`). Separators, `..`,
 * names that Windows reserves, leading dots and leading dashes are removed. RFC 8187 (`filename*`), RFC 2047 (`=?utf-8?B?…?=`) and plain
 * UTF-8 are read.
 *
 * @example
 * ```ts
 * import { fileName } from "@ttd-jobs/core/node"
 *
 * const file = { contentDisposition: null, linkName: null, contentType: "text/csv" }
 * fileName("standard:412651", file) // "standard-412651.csv"
 * fileName("standard:412651", { ...file, linkName: "spend.csv" }) // "spend.csv"
 * fileName("standard:412651", { ...file, contentDisposition: 'attachment; filename="../spend 2026.csv"' }) // "spend 2026.csv"
 * ```
 */
export const fileName = (
  ref: JobRefInput,
  { contentDisposition, contentType, linkName }: Pick<RemoteFile, "contentDisposition" | "contentType" | "linkName">
): string => {
  const link = safeName(lastSegment(linkName ?? ""))
  return (
    safeName(lastSegment(nameIn(contentDisposition))) ||
    (/[^.]\.\w{1,10}$/.test(link) ? link : `${jobName(ref)}${extensionFor(contentType)}`)
  )
}

const nameIn = (contentDisposition: string | null): string =>
  contentDisposition === null ? "" : decodeWords(parse(contentDisposition).parameters["filename"] ?? "")

const jobName = (ref: JobRefInput): string => {
  const job = Result.getOrThrow(JobRef.parse(ref))
  return safeName(`${job.kind}-${job.id}`) || job.kind
}

/** Unknown bytes have no extension. */
const extensionFor = (contentType: string | null): string => {
  const extension = contentType === null ? null : mime.getExtension(contentType)
  return extension === null || extension === "bin" ? "" : `.${extension}`
}

/** Paths of both kinds: which one the server uses is unknown. */
const lastSegment = (name: string) => name.split(/[/\\]/).at(-1) ?? ""

const maxBytes = 200

/** Empty when nothing is left. Leading dots would hide a file, leading dashes look like flags. */
const safeName = (name: string): string => {
  const visible = name.trim().replace(/^[.\s-]+/, "")
  if (visible === "") return ""
  const names = [maxBytes, 100, 50].map((maxLength) => filenamify(visible, { maxLength, replacement: "_" }))
  return names.find((safe) => Buffer.byteLength(safe) <= maxBytes) ?? ""
}

/** Decodes the encoded words of RFC 2047, which .NET writes into header fields; white space between two of them does not count. */
const decodeWords = (text: string): string =>
  text
    .replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, "$1")
    .replace(
      /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi,
      (word, charset: string, encoding: string, value: string) => {
        const bytes = /b/i.test(encoding) ? Buffer.from(value, "base64") : quotedBytes(value)
        const decoder = decoderFor(charset)
        return decoder === undefined ? word : decoder.decode(bytes)
      }
    )

const quotedBytes = (value: string): Uint8Array =>
  Buffer.from(
    value
      .replace(/_/g, " ")
      .replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1"
  )

const decoderFor = (charset: string): InstanceType<typeof TextDecoder> | undefined => {
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}
