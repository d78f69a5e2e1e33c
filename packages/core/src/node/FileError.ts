/**
 * Errors of the file system, as download errors that name the target in the user's words.
 *
 * @module
 */
import { getSystemErrorMessage } from "node:util"
import { DownloadError } from "../errors/Errors.ts"
import type { ProcessIdentity } from "./ProcessIdentity.ts"

/** What went wrong with a path that the user gave; names of temporary files are not shown. */
export const fileError = (ref: string, path: string, bytes: number, cause: unknown): DownloadError =>
  errorOf(ref, "file", `cannot write ${path}: ${reasonOf(cause)}`, bytes, cause)

/** There is a file already, and it may not be overwritten. */
export const existsError = (ref: string, path: string, bytes = 0): DownloadError =>
  errorOf(ref, "exists", `${path} already exists`, bytes, null)

/** Another download writes to the path. */
export const busyError = (ref: string, path: string, { machine, pid }: ProcessIdentity): DownloadError => {
  const [host = ""] = machine.split(" ")
  return errorOf(ref, "busy", `another download is writing ${path} (process ${pid} on ${host})`, 0, null)
}

const errorOf = (ref: string, reason: DownloadError["reason"], issue: string, bytes: number, cause: unknown) =>
  new DownloadError({ ref, reason, issue, host: null, status: null, bytes, size: null, cause })

const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  const { code, errno } = { code: undefined, errno: undefined, ...cause }
  if (code === "ENOENT") return "no such directory"
  return typeof errno === "number" && errno < 0 ? getSystemErrorMessage(errno) : cause.message
}
