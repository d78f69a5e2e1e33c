/**
 * The default file name of a result: the server's name for it, or one made of the job's reference. Names from a server are stripped of
 * everything that could lead to another directory.
 *
 * @module
 */
import type { JobRef } from "@ttd-jobs/core"
import { parse } from "content-disposition"
import filenamify from "filenamify"

/** A plain file name, without any path, that every file system takes. */
export const resultName = (ref: JobRef, contentDisposition: string | null): string =>
  safeName(lastPart(nameIn(contentDisposition))) || safeName(`${ref.kind}-${ref.id}`) || ref.kind

const nameIn = (contentDisposition: string | null): string =>
  contentDisposition === null ? "" : (parse(contentDisposition).parameters["filename"] ?? "")

/** Paths of both kinds: which one the server uses is not known. */
const lastPart = (name: string) => name.split(/[/\\]/).at(-1) ?? ""

/** Leaves room for the name of a temporary file: most file systems allow 255 bytes. */
const mostBytes = 200

/** Empty when nothing is left of it. Leading dots would hide a file, leading dashes look like flags. */
const safeName = (name: string): string => {
  const visible = name.trim().replace(/^[.\s-]+/, "")
  if (visible === "") return ""
  const names = [100, 50].map((maxLength) => filenamify(visible, { maxLength, replacement: "_" }))
  return names.find((safe) => Buffer.byteLength(safe) <= mostBytes) ?? ""
}
